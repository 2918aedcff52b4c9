import type { EndpointClass } from "../../backends/endpoints/member.ts";
import type { Kind } from "./setting.ts";

/** Servers that a router sends queries to. */
export interface ServerAddress {
  readonly class: EndpointClass;
  /** As it was given: of one server, or of all that a name stands for. */
  readonly address: string;
  /** Set: a server at each address of this name, which is looked up again and again. */
  readonly name?: ServerName;
}

export interface ServerName {
  readonly host: string;
  readonly port: number;
}

const form = /^(?:(cuda|cpu|edge)=)?(unix:\/.+|.+:\d{1,5})$/;
const nameForm = /^dns:(?:\/\/\/)?([^:/]+):(\d{1,5})$/;

/** From flags and the environment separated by commas, from JSON as a list. */
export const serverAddresses: Kind<readonly ServerAddress[]> = {
  allowed:
    "a list of host:port, unix:/path or dns:name:port, which stands for a server at each address of the name; each preceded by cuda=, cpu= or edge= unless it is cpu",
  format: (servers) =>
    servers.map((server) => `${server.class}=${server.address}`).join(",") || "none",
  parse(raw) {
    const texts: unknown = typeof raw === "string" ? raw.split(",") : raw;
    if (!Array.isArray(texts) || texts.length === 0) return undefined;
    const servers = texts.map(parseOne).filter((server) => server !== undefined);
    const distinct = new Set(servers.map(({ address }) => address));
    return distinct.size === texts.length ? servers : undefined;
  },
};

function parseOne(raw: unknown): ServerAddress | undefined {
  if (typeof raw !== "string") return undefined;
  const [, kind = "cpu", address] = form.exec(raw) ?? [];
  if (address === undefined) return undefined;
  const server = { class: kind as EndpointClass, address };
  if (!address.startsWith("dns:")) return server;
  const [, host, port] = nameForm.exec(address) ?? [];
  return host === undefined ? undefined : { ...server, name: { host, port: Number(port) } };
}
