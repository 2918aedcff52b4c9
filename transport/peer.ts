import type { Socket } from "node:net";
import { TLSSocket, type PeerCertificate } from "node:tls";

/** Who is at the other end of a connection. */
export interface Peer {
  /** Without the port; "" on a unix socket, and when the connection has gone. */
  readonly address: string;
  /** Likewise. */
  readonly port?: number;
  /**
   * By the certificate that it presented, when our client authority signed it: "CN=ann", "URI:spiffe://cluster/ann",
   * "DNS:ann.example.org" and so on, each only when it is well-formed.
   */
  readonly names: readonly string[];
}

export function peerOf(socket: Socket | undefined): Peer {
  const isKnown = socket instanceof TLSSocket && socket.authorized;
  const certificate = isKnown ? socket.getPeerCertificate() : undefined;
  const address = plain(socket?.remoteAddress ?? "");
  const port = socket?.remotePort;
  return { address, ...(port !== undefined && { port }), names: namesOf(certificate) };
}

/** IPv4 callers of a socket that listens for both look like ::ffff:10.0.0.1. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, "");
}

function namesOf(certificate: Partial<PeerCertificate> | undefined): readonly string[] {
  const commonName: unknown = certificate?.subject?.CN;
  const names = alternativeNames(certificate?.subjectaltname ?? "");
  return typeof commonName === "string" ? [`CN=${commonName}`, ...names] : names;
}

const alternativeName = /([\w ]+):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/y;

/** Node quotes, as JSON does, values that could be taken for more than one. */
function alternativeNames(text: string): readonly string[] {
  const names: string[] = [];
  alternativeName.lastIndex = 0;
  while (alternativeName.lastIndex < text.length) {
    const [, kind, value] = alternativeName.exec(text) ?? [];
    // Not to be trusted in part.
    if (kind === undefined || value === undefined) return [];
    names.push(`${kind}:${value.startsWith('"') ? String(JSON.parse(value)) : value}`);
  }
  return names;
}
