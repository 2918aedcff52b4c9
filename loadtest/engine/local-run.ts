import { shareWithin, type Share } from "../pace/deal.ts";
import { formatDuration } from "../../display/figures.ts";
import type { RunPlan } from "../run-plan.ts";
import type { RunProgress } from "../run-progress.ts";
import type { EarlyEnd, GeneratorInfo } from "../run-result.ts";
import { describeMachine } from "./machine.ts";
import { joinParts } from "./record/join-parts.ts";
import type { RunReport } from "./run-report.ts";
import { createWatch, type Watch } from "./threads/watch.ts";
import { startWorkerThread, type WorkerEnd, type WorkerThread } from "./threads/worker-thread.ts";

/** This process's share of a run: its workers stand and are connected, and wait for the start. */
export interface LocalRun {
  /** @param countFromMs Since 1970, by `nowMs`: when counting starts; calls begin `warmUpMs` before. */
  start(countFromMs: number): void;
  /** All workers end at once, with what they have. */
  stop(end: EarlyEnd): void;
  /** When all have ended. */
  readonly report: Promise<RunReport>;
  close(): Promise<void>;
}

export interface LocalRunOptions {
  readonly plan: RunPlan;
  readonly share: Share;
  readonly onProgress?: (progress: RunProgress) => void;
}

const defaultMaxSilenceMs = 10_000;
const lookMs = 500;
/** For a worker to end when it is told to. */
const stopMs = 5_000;

/** Milliseconds since 1970 that never jump, unlike `Date.now()`. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Rejects with a ServingError when a target cannot be reached. */
export async function openLocalRun(options: LocalRunOptions): Promise<LocalRun> {
  const { plan, share } = options;
  const watch = createWatch(plan);
  const workers = Array.from({ length: plan.workers }, (_, index) =>
    startWorkerThread({ plan, share: shareWithin(share, { index, of: plan.workers }) }, (glance) =>
      watch.told(index, glance),
    ),
  );
  try {
    await Promise.all(workers.map((worker) => worker.connected));
    return createLocalRun({ ...options, workers, watch });
  } catch (error) {
    await closeAll(workers);
    throw error;
  }
}

interface Connected extends LocalRunOptions {
  readonly workers: readonly WorkerThread[];
  readonly watch: Watch;
}

function createLocalRun({ plan, workers, watch, onProgress }: Connected): LocalRun {
  const { maxSilenceMs = defaultMaxSilenceMs } = plan;
  let countFromMs = 0;
  let early: { readonly ended: EarlyEnd; readonly stoppedMs: number } | undefined;
  const timers: NodeJS.Timeout[] = [];

  function stop(ended: EarlyEnd): void {
    if (early) return;
    early = { ended, stoppedMs: Math.max(0, nowMs() - countFromMs) };
    for (const worker of workers) worker.stop();
    timers.push(setTimeout(() => void closeAll(workers), stopMs));
  }

  function look(): void {
    const silentMs = watch.silentMs();
    if (silentMs > maxSilenceMs) stop(silence(silentMs));
    const progress = watch.progress();
    if (progress) onProgress?.(progress);
  }

  const ends = workers.map(async (worker, index): Promise<readonly WorkerEnd[]> => {
    try {
      return [await worker.ended];
    } catch (error) {
      const who = `worker ${index + 1} of ${workers.length}`;
      stop({ by: "lost-worker", because: `${who} died: ${(error as Error).message}` });
      return [];
    }
  });

  async function report(): Promise<RunReport> {
    const ended = (await Promise.all(ends)).flat();
    for (const timer of timers) clearTimeout(timer);
    return {
      part: joinParts(ended.map(({ part }) => part)),
      threads: ended.flatMap(({ health }) => health ?? []),
      startedAtMs: countFromMs,
      ...early,
      generator: thisProcess(),
    };
  }

  return {
    start(atMs) {
      countFromMs = atMs;
      for (const worker of workers) worker.start(atMs);
      timers.push(setInterval(look, lookMs));
    },
    stop,
    report: report(),
    close: () => closeAll(workers),
  };
}

function silence(silentMs: number): EarlyEnd {
  const because = `nothing was answered for ${formatDuration(silentMs)}`;
  return { by: "silence", because };
}

function thisProcess(): GeneratorInfo {
  return { name: "this process", machine: describeMachine(), clockAheadMs: 0, clockErrorMs: 0 };
}

async function closeAll(workers: readonly WorkerThread[]): Promise<void> {
  await Promise.all(workers.map((worker) => worker.close()));
}
