import type { EndpointClass } from "../../backends/endpoints/member.ts";
import type { Kind } from "./setting.ts";

/** A server that a router sends queries to. */
export interface ServerAddress {
  readonly class: EndpointClass;
  readonly address: string;
}

const form = /^(?:(cuda|cpu|edge)=)?(unix:\/.+|.+:\d{1,5})$/;

/** From flags and the environment separated by commas, from JSON as a list. */
export const serverAddresses: Kind<readonly ServerAddress[]> = {
  allowed:
    "a list of host:port or unix:/path, each preceded by cuda=, cpu= or edge= unless it is cpu",
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
  return address === undefined ? undefined : { class: kind as EndpointClass, address };
}
