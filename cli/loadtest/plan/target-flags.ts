import type { Flag, Given } from "../../arguments/flag.ts";
import { readNamedFile } from "../../arguments/read-named-file.ts";
import { wrong } from "../../arguments/wrong.ts";
import type { TargetTls } from "../../../loadtest/run-plan.ts";
import type { Terminal } from "../../terminal/terminal.ts";

export const targetFlag: Flag = {
  name: "--target",
  short: "-t",
  value: "HOST:PORT",
  help: "what is tested, or unix:/path; several, with commas between them, get the connections in turn",
};
export const httpFlag: Flag = { name: "--http", help: "HTTP/1.1 with JSON instead of gRPC" };
export const metadataFlag: Flag = {
  name: "--metadata",
  short: "-H",
  value: "KEY=VALUE",
  repeats: true,
  help: "sent with each call: gRPC metadata or an HTTP header; may be given again and again",
};
const authority: Flag = {
  name: "--tls-authority",
  value: "FILE",
  help: "PEM: talk TLS to targets whose certificate this authority signed",
};
const certificate: Flag = {
  name: "--tls-certificate",
  value: "FILE",
  help: "PEM: a certificate that says who you are; with --tls-key",
};
const key: Flag = { name: "--tls-key", value: "FILE", help: "PEM: its private key" };

export const tlsFlags = [authority, certificate, key] as const;

export function readTargets(given: Given, flag: Flag = targetFlag): readonly string[] {
  const text = given.value(flag);
  if (text === undefined) throw wrong(`say what is tested: ${flag.name} HOST:PORT`);
  return text.split(",").map((part) => addressIn(part.trim(), flag));
}

/** Checked by its form alone. */
export function addressIn(text: string, { name }: Flag): string {
  const [, port] = /^(?:[^\s:/]+|\[[0-9a-f:.]+\]):(\d{1,5})$/i.exec(text) ?? [];
  if (/^unix:\/./.test(text) || (port !== undefined && Number(port) >= 1 && Number(port) < 65_536))
    return text;
  const hint = /^https?:\/\//.test(text) ? "; leave the scheme out, --http says it" : "";
  throw wrong(`${name} is "${text}"; it must be HOST:PORT or unix:/path${hint}`);
}

/** Undefined: plain text. */
export function readTls(given: Given, terminal: Terminal): TargetTls | undefined {
  const serverAuthority = readNamedFile(given, authority, terminal);
  const own = readNamedFile(given, certificate, terminal);
  const ownKey = readNamedFile(given, key, terminal);
  if ((own === undefined) !== (ownKey === undefined))
    throw wrong("--tls-certificate and --tls-key need each other");
  if (serverAuthority === undefined) {
    if (own === undefined) return undefined;
    throw wrong("--tls-certificate needs --tls-authority: without TLS nobody is shown it");
  }
  return {
    serverAuthority,
    ...(own !== undefined && ownKey !== undefined && { certificate: own, key: ownKey }),
  };
}

export function readMetadata(given: Given, flag: Flag = metadataFlag): Record<string, string> {
  const entries = given.values(flag).map((text): [string, string] => {
    const [, name, value] = /^([a-z0-9_.-]+)[=:] ?(.*)$/is.exec(text) ?? [];
    if (name === undefined || value === undefined || !/^[\x20-\x7e]*$/.test(value))
      throw wrong(`${flag.name} is "${text}"; it must be KEY=VALUE in plain letters`);
    if (name.endsWith("-bin")) throw wrong(`${flag.name} ${name}: binary metadata cannot be given`);
    return [name.toLowerCase(), value];
  });
  return Object.fromEntries(entries);
}
