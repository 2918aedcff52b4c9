import { createHash, timingSafeEqual } from "node:crypto";
import { ServingError } from "../../../proto/serving-error.ts";
import type { Call } from "../../../transport/call.ts";
import { startServer } from "../../../transport/open.ts";
import type { Certificates, TransportServer } from "../../../transport/transport.ts";
import { nowMs } from "../local-run.ts";
import { obey } from "./obey.ts";
import { clockPath, encode, maxMessageBytes, runPath, tokenKey, tokenValue } from "./protocol.ts";

export interface AgentOptions {
  /** Default 127.0.0.1. An agent sends load to whatever it is told to: anything but loopback needs a token. */
  readonly host?: string;
  /** Default: any free port. */
  readonly port?: number;
  /** Coordinators must bring it. */
  readonly token?: string;
  /** Absent: plain text, in which the token and the plan's key can be read on the way. */
  readonly certificates?: Certificates;
  readonly onRun?: (name: string, outcome: "begins" | "ends") => void;
}

/** Sends its share of the runs that coordinators bring, one at a time. */
export interface Agent extends AsyncDisposable {
  /** For the coordinator, e.g. "127.0.0.1:8600". */
  readonly address: string;
}

const mostReceiveMs = 60_000;
/** Longer than any run; timers know no never. */
const mostAgeMs = 14 * 24 * 3_600_000;
const loopback = /^(127\.|localhost$|::1$|unix:)/;

export async function startAgent(options: AgentOptions = {}): Promise<Agent> {
  const { host = "127.0.0.1", port = 0, token, certificates, onRun } = options;
  if (token === undefined && !loopback.test(host))
    throw new Error(
      `an agent on ${host} needs a token: whoever reaches it can send load from here`,
    );
  const admit = createDoor(token);
  let isBusy = false;

  const server: TransportServer = await startServer(
    [
      {
        kind: "unary",
        path: clockPath,
        async handle(_, call) {
          admit(call);
          return encode({ nowMs: nowMs() });
        },
      },
      {
        kind: "bidi_stream",
        path: runPath,
        async *handle(requests, call) {
          admit(call);
          if (isBusy)
            throw new ServingError("FAILED_PRECONDITION", "this agent has another run under way");
          isBusy = true;
          try {
            yield* obey(requests, { signal: call.signal, ...(onRun && { onRun }) });
          } finally {
            isBusy = false;
          }
        },
      },
    ],
    {
      host,
      port,
      maxMessageBytes,
      maxReceiveMs: mostReceiveMs,
      maxConnectionAgeMs: mostAgeMs,
      ...(certificates && { certificates }),
    },
  );
  return {
    address: server.address,
    [Symbol.asyncDispose]: () => server.close(0),
  };
}

/** Refuses calls without the token. */
function createDoor(token: string | undefined): (call: Call) => void {
  const wanted = token === undefined ? undefined : digest(tokenValue(token));
  return ({ metadata }) => {
    if (wanted === undefined) return;
    // Digests have one length, so that comparing tells nothing of the token's.
    if (timingSafeEqual(digest(metadata.get(tokenKey) ?? ""), wanted)) return;
    throw new ServingError("UNAUTHENTICATED", "the agent's token is missing or another one");
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
