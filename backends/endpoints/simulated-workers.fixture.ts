import type { Pending } from "../pending/pending.ts";
import type { VirtualClock } from "../virtual-clock.ts";

type Call = Pending<never>;

export interface SimulatedWorkersOptions {
  readonly clock: VirtualClock;
  readonly random: () => number;
  /** Of one call, on average. */
  readonly serviceMs: number;
  /** Calls that are worked on at once. */
  readonly workers: number;
  readonly done: (call: Call) => void;
}

/** A queue, and who works it off, in virtual time. */
export interface SimulatedWorkers {
  put(call: Call): void;
  /** Predicted, for one more. */
  waitMs(): number;
  /** Everything stands still, until `thaw`. */
  freeze(): void;
  thaw(): void;
  slowDown(factor: number): void;
  /** @returns What was waiting or being worked on. */
  drop(): readonly Call[];
}

export function createSimulatedWorkers(options: SimulatedWorkersOptions): SimulatedWorkers {
  const { clock, random, serviceMs, workers, done } = options;
  const queue: Call[] = [];
  const running = new Set<Call>();
  const overdue: Call[] = [];
  let isFrozen = false;
  let factor = 1;

  function work(): void {
    if (isFrozen) return;
    for (let call = queue.shift(); call !== undefined; call = queue.shift()) {
      // Nobody waits for it any more: servers do not begin with that either.
      if (call.answers.includes(undefined)) begin(call);
      if (running.size >= workers) return;
    }
  }

  /** Between half and one and a half of the average, and a tenth of the calls three times as long. */
  function begin(call: Call): void {
    const ms = serviceMs * factor * (0.5 + random()) * (random() < 0.1 ? 3 : 1);
    running.add(call);
    clock.at(clock.now() + ms, () => finish(call));
  }

  function finish(call: Call): void {
    if (!running.has(call)) return;
    if (isFrozen) return void overdue.push(call);
    running.delete(call);
    done(call);
    work();
  }

  return {
    put(call) {
      queue.push(call);
      if (running.size < workers) work();
    },
    waitMs: () => (queue.length / workers) * serviceMs * factor,
    freeze: () => (isFrozen = true),
    thaw() {
      isFrozen = false;
      for (const call of overdue.splice(0)) finish(call);
      if (running.size < workers) work();
    },
    slowDown: (value) => (factor = value),
    drop() {
      const dropped = [...queue.splice(0), ...running];
      running.clear();
      overdue.length = 0;
      return dropped;
    },
  };
}
