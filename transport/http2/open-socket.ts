import { connect as connectPlain, type Socket } from "node:net";
import {
  connect as connectTls,
  createSecureContext,
  type ConnectionOptions,
  TLSSocket,
} from "node:tls";
import type { ChannelOptions } from "../transport.ts";
import { type Address, parseAddress } from "./address.ts";

export interface SocketEvents {
  /** May be written to. */
  connected(): void;
  /** The bytes are good until this returns. */
  received(bytes: Buffer, length: number): void;
  /** It never connected, or is no more. */
  closed(why: string): void;
}

export type Connect = (events: SocketEvents) => Socket;

/** What one read brings at most. */
const readBytes = 64 * 1_024;

/** Throws for an address or certificates that cannot work. */
export function createConnect(address: string, options: ChannelOptions): Connect {
  const parsed = parseAddress(address);
  const tls = tlsOptions(parsed, options);
  return (events) => {
    // One buffer for all reads, instead of a new one and a stream's events for each.
    const onread = {
      buffer: Buffer.allocUnsafeSlow(readBytes),
      callback: (length: number, bytes: Uint8Array) => {
        events.received(bytes as Buffer, length);
        return true;
      },
    };
    const target = { ...parsed.connect, onread };
    const socket = tls ? connectTls({ ...target, ...tls }) : connectPlain(target);
    listen(socket, address, events);
    return socket;
  };
}

function tlsOptions(
  address: Address,
  { serverAuthority, serverName = address.serverName, certificates }: ChannelOptions,
): ConnectionOptions | undefined {
  if (serverAuthority === undefined) {
    if (certificates === undefined) return undefined;
    throw new Error("certificates need serverAuthority: a plain-text channel cannot present them");
  }
  const own = certificates && { cert: certificates.certificate, key: certificates.key };
  return {
    secureContext: createSecureContext({ ca: serverAuthority, ...own }),
    ALPNProtocols: ["h2"],
    ...(serverName !== undefined && { servername: serverName }),
  };
}

function listen(socket: Socket, address: string, events: SocketEvents): void {
  let isConnected = false;
  let problem: string | undefined;
  socket.setNoDelay(true);
  const isTls = socket instanceof TLSSocket;
  socket.once(isTls ? "secureConnect" : "connect", () => {
    isConnected = !isTls || socket.alpnProtocol === "h2";
    if (isConnected) events.connected();
    else socket.destroy(new Error("the server does not speak HTTP/2 (ALPN)"));
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    // Of several addresses that were tried in vain, only the code says something.
    problem ??= error.message || error.code;
  });
  // Nothing more comes: what we could still send would not be answered.
  socket.once("end", () => socket.destroy());
  socket.once("close", () => {
    const what = isConnected
      ? `the connection to ${address} was lost`
      : `cannot connect to ${address}`;
    events.closed(problem === undefined ? what : `${what}: ${problem}`);
  });
}
