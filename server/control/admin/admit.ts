import { pushbackTrailer } from "../../../proto/pushback.ts";
import { ServingError } from "../../../proto/serving-error.ts";
import type { ServerCall } from "../../../transport/call.ts";
import type { Peer } from "../../../transport/peer.ts";
import type { Log } from "../../log/log.ts";
import type { Authenticate, Caller } from "./authenticate.ts";
import { includes, type Role } from "./role.ts";
import type { TokenBuckets } from "./token-buckets.ts";

export interface AdmitOptions {
  readonly authenticate: Authenticate;
  /** Calls, by caller. */
  readonly calls: TokenBuckets;
  /** Told of whoever has said who he is, as far as he must. */
  readonly onKnown: (peer: Peer) => void;
  readonly log: Log;
}

/** Throws UNAUTHENTICATED, PERMISSION_DENIED or RESOURCE_EXHAUSTED. */
export interface Admit {
  /** Who calls, before anything is read of what he sends. */
  caller(call: ServerCall): Caller;
  /** Throws when he would not be let in any more, e.g. since his token was revoked. */
  recheck(call: ServerCall): void;
  /** What he was answered with took work: he waits for longer until he may call again. */
  charge(caller: Caller, bytes: number): void;
  /** Whether he may do what he asks for. */
  assertRole(caller: Caller, needed: Role, act: Act): void;
}

/** In words, for whoever may not. */
export interface Act {
  readonly what: string;
  /** What he may do instead. */
  readonly instead?: string | undefined;
}

/** As much work as a small call. */
const bytesPerCall = 64 * 1_024;

export function createAdmit({ authenticate, calls, onKnown, log }: AdmitOptions): Admit {
  return {
    caller(call) {
      const caller = authenticate(call);
      onKnown(call.peer);
      const waitMs = calls.take(caller.name);
      if (waitMs === undefined) return caller;
      const trailers = { [pushbackTrailer]: String(waitMs) };
      throw new ServingError(
        "RESOURCE_EXHAUSTED",
        `${caller.name} calls more often than this port answers one caller; retry in ${waitMs} ms`,
        { trailers },
      );
    },
    recheck: (call) => void authenticate(call),
    charge: ({ name }, bytes) => calls.charge(name, bytes / bytesPerCall),
    assertRole({ name, role, from }, needed, { what, instead = `ask somebody who is ${needed}` }) {
      if (includes(role, needed)) return;
      log.warn("admin call denied", { by: name, from, role, needed, what });
      throw new ServingError(
        "PERMISSION_DENIED",
        `${what} needs the role ${needed}, and ${name} is ${role}; ${instead}`,
      );
    },
  };
}
