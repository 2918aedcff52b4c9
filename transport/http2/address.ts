import { isIP, type NetConnectOpts } from "node:net";

export interface Address {
  /** For `net.connect`, and `tls.connect`. */
  readonly connect: NetConnectOpts;
  /** The host and port that requests name. */
  readonly authority: string;
  /** What the server's certificate is for; undefined for an IP address, which is compared as it is. */
  readonly serverName: string | undefined;
}

/** "host:port", "[ipv6]:port", either after "dns:", or "unix:/path". Throws for anything else. */
export function parseAddress(address: string): Address {
  const path = /^unix:(?:\/\/)?(.+)$/.exec(address)?.[1];
  if (path !== undefined)
    return { connect: { path }, authority: "localhost", serverName: "localhost" };
  const plain = address.replace(/^dns:(\/\/\/)?/, "");
  const [, bracketed, host = bracketed ?? "", port = ""] =
    /^(?:\[([^\]]+)\]|([^:[\]/]+)):(\d{1,5})$/.exec(plain) ?? [];
  if (host === "" || Number(port) > 65_535)
    throw new Error(
      `the address "${address}" cannot be called; write host:port, [ipv6]:port or unix:/path`,
    );
  return {
    connect: { host, port: Number(port) },
    authority: plain,
    serverName: isIP(host) ? undefined : host,
  };
}
