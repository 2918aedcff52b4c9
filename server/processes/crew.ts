import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../log/log.ts";
import { restartDelay } from "./restart-delay.ts";
import type { Worker } from "./worker.ts";

export interface CrewOptions {
  readonly size: number;
  readonly start: () => Worker;
  readonly log: Log;
  /** A worker is gone, and calls go to the others. */
  readonly died: (worker: Worker) => void;
  /** A place is given up: its workers die again and again. */
  readonly gaveUp: (why: string) => void;
}

/** So many workers; one that dies is replaced. */
export interface Crew {
  /** Those that live, listening or not. */
  workers(): readonly Worker[];
  /** Resolves when all listen; rejects with why one does not, and starts none again. */
  readonly listening: Promise<void>;
  /** None is replaced any more; tells all of them to stop. Resolves when they are gone; kills what is left after so long. */
  stop(graceMs: number): Promise<void>;
}

/** Far longer than anything but a thread that hangs. */
const silentMs = 30_000;
const watchMs = 5_000;

export function createCrew(options: CrewOptions): Crew {
  const { size, start, log, died, gaveUp } = options;
  const living = new Set<Worker>();
  const stopping = new AbortController();
  const { signal } = stopping;

  function join(): Worker {
    const worker = start();
    living.add(worker);
    const { id, pid } = worker;
    worker.listening.then(
      () => log.info("worker listening", { worker: id, pid }),
      () => {},
    );
    void worker.ended.then(() => {
      living.delete(worker);
      died(worker);
    });
    return worker;
  }

  /** Keeps one place filled. */
  async function keep(first: Worker): Promise<void> {
    const livedMs: number[] = [];
    for (let worker = first; ; worker = join()) {
      const sinceMs = performance.now();
      const how = await worker.ended;
      if (signal.aborted) return;
      livedMs.push(performance.now() - sinceMs);
      const restartMs = restartDelay({ livedMs });
      log.error("worker died", { worker: worker.id, how, restartMs: restartMs ?? "never" });
      if (restartMs === undefined) return gaveUp(`worker ${worker.id} ended with ${how}`);
      await delay(restartMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
    }
  }

  const first = Array.from({ length: size }, join);
  const listening = Promise.all(first.map((worker) => worker.listening)).then(() => {});
  listening.then(
    () => first.forEach((worker) => void keep(worker)),
    () => stopping.abort(),
  );
  const watching = setInterval(createWatch(living, log), watchMs).unref();
  signal.addEventListener("abort", () => clearInterval(watching));

  return {
    workers: () => [...living],
    listening,
    async stop(graceMs) {
      stopping.abort();
      await stopAll(living, graceMs, log);
    },
  };
}

async function stopAll(living: ReadonlySet<Worker>, graceMs: number, log: Log): Promise<void> {
  for (const worker of living) worker.tell({ kind: "stop" });
  const ended = Promise.all([...living].map((worker) => worker.ended));
  const late = new AbortController();
  const kill = delay(graceMs, undefined, { signal: late.signal }).then(
    () => {
      for (const worker of living) {
        log.warn("worker did not stop in time; killing it", { worker: worker.id, graceMs });
        worker.kill();
      }
    },
    () => {},
  );
  await ended;
  late.abort();
  await kill;
}

/** A worker whose thread hangs takes no calls, and its connections wait for nothing. */
function createWatch(living: ReadonlySet<Worker>, log: Log): () => void {
  let lookedMs = performance.now();
  let awakeMs = lookedMs;
  return () => {
    const nowMs = performance.now();
    // This process itself was stopped for a while: what workers said meanwhile has yet to be read.
    if (nowMs - lookedMs > 2 * watchMs) awakeMs = nowMs;
    lookedMs = nowMs;
    for (const worker of living) {
      const ms = nowMs - Math.max(awakeMs, worker.heardMs());
      if (worker.addresses() === undefined || ms < silentMs) continue;
      log.error("worker hangs; killing it", { worker: worker.id, silentMs: Math.round(ms) });
      worker.kill();
    }
  };
}
