import { ServingError } from "../../proto/serving-error.ts";
import type { Backend } from "../backend.ts";
import { misdirected } from "../identity.ts";
import { createPendingCalls, type Pending } from "../pending/pending.ts";
import { queueTooSlow } from "../refusals.ts";
import { createLoad } from "../remote/load.ts";
import { createReply } from "../reply.ts";
import type { VirtualClock } from "../virtual-clock.ts";
import { createSimulatedWorkers } from "./simulated-workers.fixture.ts";

/** A server as its clients see it, in virtual time: it works, and everything can happen to it. */
export interface SimulatedServer extends Backend {
  /** Drops what it has, and is not there. */
  kill(): void;
  /** Stops in the middle of what it does (SIGSTOP); clients notice nothing else. */
  freeze(): void;
  /** Ends `kill` and `freeze`. */
  revive(): void;
  /** Every run takes so many times as long. */
  slowDown(factor: number): void;
  /** Answers so from now on. */
  answerWith(error: ServingError | undefined): void;
  /** Says that it is not ready, and works on. */
  setReady(isReady: boolean): void;
}

export interface SimulatedServerOptions {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly random: () => number;
  /** Default "1". */
  readonly version?: string;
  /** Of one call, on average. Default 5. */
  readonly serviceMs?: number;
  /** Calls that are worked on at once. Default 4. */
  readonly workers?: number;
}

export const model = "toy";
const refusalMs = 0.2;

export function createSimulatedServer(options: SimulatedServerOptions): SimulatedServer {
  const { name, clock, version = "1", serviceMs = 5, workers: count = 4 } = options;
  const calls = createPendingCalls<never>({ clock });
  const load = createLoad(clock);
  const workers = createSimulatedWorkers({ ...options, serviceMs, workers: count, done: tell });
  const reply = createReply(Buffer.from([0x22, name.length, ...Buffer.from(name)]));
  const lost = new ServingError("UNAVAILABLE", `connection to ${name} lost`, { isLost: true });
  let isDown = false;
  let isReady = true;
  let error: ServingError | undefined;
  let closing: Promise<void> | undefined;

  function tell(call: Pending<never>, failure?: ServingError): void {
    call.queries.forEach((query, index) =>
      calls.settle(call, index, failure ?? misdirected(query, model, version) ?? reply),
    );
  }

  function take(call: Pending<never>): void {
    const leftMs = calls.dueMs(call, 0) - clock.now();
    const waitMs = workers.waitMs();
    const full = waitMs > leftMs ? queueTooSlow(waitMs, leftMs) : undefined;
    const refusal = isDown ? lost : (error ?? full);
    if (refusal === undefined) workers.put(call);
    else clock.at(clock.now() + refusalMs, () => tell(call, refusal));
  }

  const holds = (wanted: string, wantedVersion: string) =>
    closing === undefined && wanted === model && ["", version].includes(wantedVersion);
  return {
    name,
    async answer(queries) {
      const call = calls.open(queries);
      const ended = load.started(queries.length);
      if (queries.length > 0) take(call);
      const answers = await call.answered;
      ended(answers.some((answer) => !(answer instanceof ServingError)));
      return answers;
    },
    isReady: (wanted, wantedVersion) => !isDown && isReady && holds(wanted, wantedVersion),
    costMs: (wanted, wantedVersion, rows) =>
      holds(wanted, wantedVersion) ? load.predictMs(rows) : Infinity,
    close: () => (closing ??= calls.drained()),
    kill() {
      isDown = true;
      for (const call of workers.drop()) tell(call, lost);
    },
    freeze: () => workers.freeze(),
    revive() {
      isDown = false;
      workers.thaw();
    },
    slowDown: (factor) => workers.slowDown(factor),
    answerWith: (value) => (error = value),
    setReady: (value) => (isReady = value),
  };
}
