import { ServingError } from "../../proto/serving-error.ts";

/** Where a Redis or Valkey is that keeps rollouts. */
export interface StoreAddress {
  readonly kind: "single" | "sentinel" | "cluster";
  /** Of the server, of the sentinels, or of some nodes of the cluster. */
  readonly hosts: readonly HostPort[];
  readonly isTls: boolean;
  readonly username?: string;
  /** What the sentinels call the servers that they watch. */
  readonly master?: string;
  readonly db: number;
}

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export const storeForms =
  "redis://host:port, redis+sentinel://host:port,host:port/master or redis+cluster://host:port,host:port; " +
  "rediss instead of redis for TLS";

const form =
  /^(?<scheme>rediss?)(?:\+(?<kind>sentinel|cluster))?:\/\/(?:(?<user>.*)@)?(?<hosts>[^/?#@]+)(?:\/(?<path>[^?#]*))?$/;
const hostForm = /^(?<host>\[[0-9a-fA-F:.]+\]|[^:[\]\s]+)(?::(?<port>\d{1,5}))?$/;
const maxDb = 1_000_000;

/** Environment variable of the store's password. */
export const storePassword = "CROSSFADE_STORE_PASSWORD";

/**
 * Throws INVALID_ARGUMENT with a sentence; a password in the text is never repeated.
 * @param passwordIn Where it belongs instead.
 */
export function parseStoreAddress(text: string, passwordIn: string = storePassword): StoreAddress {
  const { scheme, kind = "single", user, hosts, path = "" } = form.exec(text)?.groups ?? {};
  if (scheme === undefined || hosts === undefined) throw wrong(text, `it must be ${storeForms}`);
  const username = parseUser(text, user, passwordIn);
  const where = {
    kind: kind as StoreAddress["kind"],
    hosts: hosts.split(",").map((host) => parseHost(text, host, kind)),
    isTls: scheme === "rediss",
    ...(username !== undefined && { username }),
  };
  if (kind === "sentinel") return { ...where, ...parseMaster(text, path) };
  if (kind === "cluster" && path !== "")
    throw wrong(text, `a cluster has one database only: leave out /${path}`);
  if (kind === "single" && where.hosts.length > 1)
    throw wrong(text, "several hosts need redis+sentinel:// or redis+cluster://");
  return { ...where, db: parseDb(text, path) };
}

function parseUser(text: string, user: string | undefined, passwordIn: string): string | undefined {
  if (user === undefined) return undefined;
  if (user.includes(":"))
    throw wrong(
      text,
      `a password in it would show in lists of processes and in logs: put it into ${passwordIn} or a file, ` +
        "and leave at most the user's name before the @",
    );
  try {
    return decodeURIComponent(user) || undefined;
  } catch {
    throw wrong(text, "the user's name is not percent-encoded as it should be");
  }
}

function parseHost(text: string, given: string, kind: string): HostPort {
  const { host, port } = hostForm.exec(given)?.groups ?? {};
  const number = Number(port ?? (kind === "sentinel" ? 26_379 : 6_379));
  if (host === undefined || number < 1 || number > 65_535)
    throw wrong(text, `"${given}" is no host:port with a port from 1 to 65535`);
  return { host: host.replace(/^\[|\]$/g, ""), port: number };
}

function parseMaster(text: string, path: string): Pick<StoreAddress, "db"> & { master: string } {
  const [master = "", db = "", ...more] = path.split("/");
  if (master === "" || more.length > 0)
    throw wrong(text, "after the sentinels comes /NAME, what they call the servers they watch");
  return { master, db: parseDb(text, db) };
}

function parseDb(text: string, path: string): number {
  const db = Number(path);
  if (/^\d*$/.test(path) && db <= maxDb) return db;
  throw wrong(text, `"${path}" is no number of a database`);
}

function wrong(text: string, why: string): ServingError {
  const shown = text.replace(/\/\/.*@/, "//…@");
  return new ServingError(
    "INVALID_ARGUMENT",
    `the store's address ${shown} cannot be used: ${why}`,
  );
}

/** As it was given, with what was left out; for people. */
export function formatStoreAddress(address: StoreAddress): string {
  const { kind, hosts, isTls, username, master, db } = address;
  const scheme = `${isTls ? "rediss" : "redis"}${kind === "single" ? "" : `+${kind}`}`;
  const user = username === undefined ? "" : `${encodeURIComponent(username)}@`;
  const all = hosts.map(formatHost).join(",");
  const path = [...(master === undefined ? [] : [master]), ...(db === 0 ? [] : [db])];
  return `${scheme}://${user}${all}${path.map((part) => `/${part}`).join("")}`;
}

function formatHost({ host, port }: HostPort): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
