import { isLoopback } from "../../server/config/is-loopback.ts";
import { parseAddress } from "../../transport/http2/address.ts";
import { openChannel } from "../../transport/open.ts";
import type { Channel } from "../../transport/transport.ts";
import type { Flag, Given } from "../arguments/flag.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { readNamedFile } from "../arguments/read-named-file.ts";
import { wrong } from "../arguments/wrong.ts";

const admin: Flag = {
  name: "--admin",
  value: "HOST:PORT",
  help: "a router's admin port, or unix:/path (default $CROSSFADE_ADMIN, else 127.0.0.1:8503)",
};
const tokenFile: Flag = {
  name: "--token-file",
  value: "FILE",
  help: "the bearer token (default $CROSSFADE_ADMIN_TOKEN)",
};
const authority: Flag = {
  name: "--tls-authority",
  value: "FILE",
  help: "PEM: talk TLS to a server whose certificate this authority signed",
};
const certificate: Flag = {
  name: "--tls-certificate",
  value: "FILE",
  help: "PEM: a certificate that says who you are; with --tls-key",
};
const key: Flag = { name: "--tls-key", value: "FILE", help: "PEM: its private key" };

/** How to reach the admin API. */
export const connectionFlags = [admin, tokenFile, authority, certificate, key] as const;

const standardAddress = "127.0.0.1:8503";

/** Where calls go, and what they bring. */
export interface Connection {
  readonly address: string;
  readonly channel: Channel;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Throws INVALID_ARGUMENT for what cannot work, before anything is sent. */
export function openConnection(given: Given, terminal: Terminal): Connection {
  const { env } = terminal;
  const address = given.value(admin) ?? env["CROSSFADE_ADMIN"] ?? standardAddress;
  if (!/^(unix:\/.+|.+:\d{1,5})$/.test(address))
    throw wrong(`--admin is "${address}"; it must be HOST:PORT or unix:/path`);
  const read = (flag: Flag) => readNamedFile(given, flag, terminal);
  const serverAuthority = read(authority);
  const [certificatePem, keyPem] = [read(certificate), read(key)];
  if ((certificatePem === undefined) !== (keyPem === undefined))
    throw wrong("--tls-certificate and --tls-key need each other");
  if (certificatePem !== undefined && serverAuthority === undefined)
    throw wrong("--tls-certificate needs --tls-authority: without TLS nobody is shown it");
  const token = (read(tokenFile) ?? env["CROSSFADE_ADMIN_TOKEN"] ?? "").trim();
  if (token !== "") assertToken(token, { address, isEncrypted: serverAuthority !== undefined });
  const channel = openChannel(address, {
    ...(serverAuthority !== undefined && { serverAuthority }),
    ...(certificatePem !== undefined &&
      keyPem !== undefined && { certificates: { certificate: certificatePem, key: keyPem } }),
  });
  const metadata = new Map(token === "" ? [] : [["authorization", `Bearer ${token}`]]);
  return { address, channel, metadata };
}

interface Way {
  readonly address: string;
  readonly isEncrypted: boolean;
}

/** What is wrong with it is said without showing it. */
function assertToken(token: string, { address, isEncrypted }: Way): void {
  if (!/^[\x21-\x7e]+$/.test(token))
    throw wrong(
      "the token has spaces or other characters that no token has; is it the right file?",
    );
  if (!isHere(address) && !isEncrypted)
    throw wrong(
      `the token would go to ${address} for everybody to read; give --tls-authority, or use a tunnel to this machine`,
    );
}

/** A name such as 127.example.com may be anywhere. */
function isHere(address: string): boolean {
  const { connect } = parseAddress(address);
  return "path" in connect || isLoopback(("host" in connect && connect.host) || "");
}
