import { ServingError } from "../../proto/serving-error.ts";
import type { Backend } from "../backend.ts";
import { misdirected } from "../identity.ts";
import { createPendingCalls, type Pending } from "../pending/pending.ts";
import { queueTooSlow } from "../refusals.ts";
import { createLoad } from "../remote/load.ts";
import { createReply } from "../reply.ts";
import type { VirtualClock } from "../virtual-clock.ts";

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
  const { name, clock, random, version = "1", serviceMs = 5, workers = 4 } = options;
  const calls = createPendingCalls<never>({ clock });
  const load = createLoad(clock);
  const queue: Pending<never>[] = [];
  const running = new Set<Pending<never>>();
  const done: Pending<never>[] = [];
  let state: "up" | "down" | "frozen" = "up";
  let isReady = true;
  let factor = 1;
  let error: ServingError | undefined;
  let closing: Promise<void> | undefined;

  const reply = createReply(Buffer.from([0x22, name.length, ...Buffer.from(name)]));
  const lost = () =>
    new ServingError("UNAVAILABLE", `connection to ${name} lost`, { isLost: true });
  const tell = (call: Pending<never>, failure?: ServingError) =>
    call.queries.forEach((query, index) =>
      calls.settle(call, index, failure ?? misdirected(query, model, version) ?? reply),
    );
  const soon = (call: Pending<never>, failure: ServingError) =>
    clock.at(clock.now() + refusalMs, () => tell(call, failure));

  function work(): void {
    while (state === "up" && running.size < workers && queue.length > 0) {
      const call = queue.shift()!;
      if (!call.answers.includes(undefined)) continue;
      running.add(call);
      // Between half and one and a half of the average, and a tenth of the calls three times as long.
      const ms = serviceMs * factor * (0.5 + random()) * (random() < 0.1 ? 3 : 1);
      clock.at(clock.now() + ms, () => finish(call));
    }
  }

  function finish(call: Pending<never>): void {
    if (!running.has(call)) return;
    if (state === "frozen") return void done.push(call);
    running.delete(call);
    tell(call);
    work();
  }

  function take(call: Pending<never>): void {
    const waitMs = (queue.length / workers) * serviceMs * factor;
    const leftMs = calls.dueMs(call, 0) - clock.now();
    if (state === "down") soon(call, lost());
    else if (state === "up" && error !== undefined) soon(call, error);
    else if (state === "up" && waitMs > leftMs) soon(call, queueTooSlow(waitMs, leftMs));
    else queue.push(call);
    work();
  }

  const holds = (wanted: string, wantedVersion: string) =>
    closing === undefined && wanted === model && ["", version].includes(wantedVersion);
  return {
    name,
    answer(queries) {
      const call = calls.open(queries);
      const ended = load.started(queries.length);
      void call.answered.then((answers) =>
        ended(answers.some((answer) => !(answer instanceof ServingError))),
      );
      if (queries.length > 0) take(call);
      return call.answered;
    },
    isReady: (wanted, wantedVersion) => state !== "down" && isReady && holds(wanted, wantedVersion),
    costMs: (wanted, wantedVersion, rows) =>
      holds(wanted, wantedVersion) ? load.predictMs(rows) : Infinity,
    close: () => (closing ??= calls.drained()),
    kill() {
      state = "down";
      for (const call of [...queue.splice(0), ...running]) tell(call, lost());
      running.clear();
    },
    freeze: () => (state = "frozen"),
    revive() {
      state = "up";
      for (const call of done.splice(0)) finish(call);
      work();
    },
    slowDown: (value) => (factor = value),
    answerWith: (value) => (error = value),
    setReady: (value) => (isReady = value),
  };
}
