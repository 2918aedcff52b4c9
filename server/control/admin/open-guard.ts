import { systemClock } from "../../../backends/clock.ts";
import type { Door } from "../../../transport/door.ts";
import { isLoopback } from "../../config/is-loopback.ts";
import type { Log } from "../../log/log.ts";
import { createAdmit, type Admit } from "./admit.ts";
import { createAuthenticate, trustEverybody, type Authenticate } from "./authenticate.ts";
import { followCredentials } from "./follow-credentials.ts";
import { createTokenBuckets } from "./token-buckets.ts";

export interface GuardOptions {
  readonly host: string;
  readonly isTls: boolean;
  /** Clients must present certificates. */
  readonly asksClients: boolean;
  /** Who may do what; absent: whoever reaches this. */
  readonly credentials?: string | undefined;
  /** Of connections whose callers said who they are. */
  readonly door: Door;
  readonly log: Log;
  readonly pollMs: number;
  /** Ends the following of the file. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

export interface Guard {
  readonly admit: Admit;
  /** Everybody may do everything. */
  readonly isOpen: boolean;
  /** Settles after the signal aborted. */
  readonly done: Promise<void>;
}

const clock = systemClock;
/** People and their scripts stay far below; a loop that forgot to wait does not. */
const callRate = { burst: 100, perSecond: 20, clock };
const failureRate = { burst: 10, perSecond: 0.5, clock };

/** Rejects when the credentials cannot be used, or when strangers could do everything. */
export async function openGuard(options: GuardOptions): Promise<Guard> {
  const { host, log, door, credentials: file, isTls } = options;
  if (!isLoopback(host) && (file === undefined || !isTls))
    throw new Error(
      `the admin API on ${host} would let other machines change weights: give adminTokens, tlsCertificate and tlsKey, or leave adminHost at 127.0.0.1`,
    );
  if (file !== undefined) return guarded(file, options);
  log.info("admin API is open to everybody on this machine; adminTokens gives roles", { host });
  return { admit: admitBy(trustEverybody, { door, log }), isOpen: true, done: Promise.resolve() };
}

async function guarded(file: string, options: GuardOptions): Promise<Guard> {
  const { log, door, nowMs, asksClients } = options;
  const followed = await followCredentials({ ...options, file });
  const byCertificate = followed.current().filter(({ proof }) => proof.kind === "certificate");
  if (byCertificate.length > 0 && !asksClients)
    log.warn("client certificates are not asked for, and have roles; give tlsClientAuthority", {
      names: byCertificate.map(({ name }) => name),
    });
  const authenticate = createAuthenticate({
    credentials: () => followed.current(),
    nowMs,
    failures: createTokenBuckets(failureRate),
    log,
  });
  return { admit: admitBy(authenticate, { door, log }), isOpen: false, done: followed.done };
}

function admitBy(
  authenticate: Authenticate,
  { door, log }: Pick<GuardOptions, "door" | "log">,
): Admit {
  return createAdmit({
    authenticate,
    calls: createTokenBuckets(callRate),
    onKnown: (peer) => door.know(peer),
    log,
  });
}
