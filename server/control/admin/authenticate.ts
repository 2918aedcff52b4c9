import { timingSafeEqual } from "node:crypto";
import { pushbackTrailer } from "../../../proto/pushback.ts";
import { ServingError } from "../../../proto/serving-error.ts";
import type { ServerCall } from "../../../transport/call.ts";
import type { Log } from "../../log/log.ts";
import type { Credential } from "./parse-credentials.ts";
import type { Role } from "./role.ts";
import { digestOf } from "./token.ts";
import type { TokenBuckets } from "./token-buckets.ts";

/** Who calls, and what he may. */
export interface Caller {
  /** As the audit names him. */
  readonly name: string;
  readonly role: Role;
  /** The address he calls from. */
  readonly from: string;
}

/** Throws UNAUTHENTICATED, or RESOURCE_EXHAUSTED for an address that has failed too often. */
export type Authenticate = (call: ServerCall) => Caller;

export interface AuthenticateOptions {
  credentials(): readonly Credential[];
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Failures, by address. Who shows what is known is never kept out. */
  readonly failures: TokenBuckets;
  readonly log: Log;
}

/** By bearer token or, when none is sent, by client certificate. */
export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  const { failures, log } = options;
  return (call) => {
    const from = addressOf(call);
    const found = find(call, options);
    if (typeof found !== "string") return { name: found.name, role: found.role, from };
    const waitMs = failures.take(from);
    if (waitMs !== undefined) throw tooMany(from, waitMs);
    log.warn("admin caller refused", { from, why: found });
    throw new ServingError("UNAUTHENTICATED", found);
  };
}

/** For a port that only this machine reaches, where everybody may do everything; a certificate still names him. */
export function trustEverybody(call: ServerCall): Caller {
  return { name: call.peer.names[0] ?? "local", role: "admin", from: addressOf(call) };
}

function addressOf({ peer: { address } }: ServerCall): string {
  return address === "" ? "unix" : address;
}

/** @returns Or why not, for the caller and the log. */
function find(call: ServerCall, options: AuthenticateOptions): Credential | string {
  const { metadata, peer } = call;
  const header = metadata.get("authorization");
  if (header === undefined && peer.names.length === 0) return `nobody is named; ${howTo}`;
  const found =
    header === undefined
      ? byCertificate(peer.names, options.credentials())
      : byToken(header, options.credentials());
  if (typeof found === "string" || found.expiresMs > options.nowMs()) return found;
  const expired = new Date(found.expiresMs).toISOString();
  return `what ${found.name} shows expired at ${expired}; ask for a new one, which crossfade admin-token makes`;
}

const howTo =
  "send authorization: Bearer TOKEN, where TOKEN is what crossfade admin-token printed, or a client certificate that has a role";

function byToken(header: string, credentials: readonly Credential[]): Credential | string {
  const [, token] = /^Bearer +(\S+)$/i.exec(header) ?? [];
  if (token === undefined) return `authorization is no bearer token; ${howTo}`;
  const digest = digestOf(token);
  let found: Credential | undefined;
  // All of them, whichever it is: how long it takes tells nothing.
  for (const credential of credentials)
    if (credential.proof.kind === "token" && digest !== undefined)
      if (timingSafeEqual(credential.proof.sha256, digest)) found = credential;
  return (
    found ?? "this token is not known here; ask for a new one, which crossfade admin-token makes"
  );
}

function byCertificate(
  names: readonly string[],
  credentials: readonly Credential[],
): Credential | string {
  const found = credentials.find(
    ({ proof }) => proof.kind === "certificate" && names.includes(proof.name),
  );
  return (
    found ?? `none of the names in your certificate has a role: ${names.join(", ").slice(0, 300)}`
  );
}

function tooMany(from: string, waitMs: number): ServingError {
  return new ServingError("RESOURCE_EXHAUSTED", `too many failed attempts from ${from}; wait`, {
    trailers: { [pushbackTrailer]: String(waitMs) },
  });
}
