import { nowMs } from "../engine/local-run.ts";
import type { run, RunOptions } from "../engine/run.ts";
import type { RunPlan } from "../run-plan.ts";
import { openChannel } from "../../transport/open.ts";
import type { Act, Done, Scale, Scenario, Seen } from "./scenario.ts";
import type { Stage } from "./stage.ts";
import { watchUsers, type UserWatch } from "./watch-users.ts";

export interface PlayOptions extends RunOptions {
  readonly stage: Stage;
  readonly scale: Scale;
  /** All but the schedule and what the scenario says. */
  readonly plan: Omit<RunPlan, "schedule" | "name">;
  readonly model: string;
  readonly run: typeof run;
}

/** Servers settle before their vitals are looked at, but not for ever. */
const settleMs = 5_000;
const lookMs = 50;

/** Runs the load, does what is to be done meanwhile, and tells what was seen. */
export async function play(scenario: Scenario, options: PlayOptions): Promise<Seen> {
  const { stage, scale, signal, onProgress } = options;
  const { schedule, ...rest } = scenario.load(scale);
  const plan = { ...options.plan, ...rest, name: scenario.name, schedule };
  const acts = performing(scenario.acts?.(scale) ?? [], stage);
  const before = await stage.vitals();
  const watch = openWatch(scenario, options);
  try {
    const result = await options.run(plan, {
      ...(signal && { signal }),
      onProgress(progress) {
        acts.begin(progress.elapsedMs);
        onProgress?.(progress);
      },
    });
    const fromStart = (atMs: number) => atMs - result.startedAtMs;
    const done = (await acts.end()).map((one) => ({
      ...one,
      startedMs: fromStart(one.startedMs),
      endedMs: fromStart(one.endedMs),
    }));
    const sightings = (await watch.stop()).map((one) => ({
      ...one,
      askedMs: fromStart(one.askedMs),
      answeredMs: fromStart(one.answeredMs),
    }));
    const after = await settled(stage);
    return { scale, load: { schedule, ...rest }, result, done, sightings, before, after };
  } finally {
    await acts.end();
    await watch.stop();
  }
}

async function settled(stage: Stage) {
  const untilMs = performance.now() + settleMs;
  for (;;) {
    const vitals = await stage.vitals();
    if (vitals.inFlight === 0 || performance.now() > untilMs) return vitals;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

/**
 * Acts at their times, once it is known when counting starts: nearly, since progress is heard late. When they were done
 * is told since 1970; the run says exactly when it started.
 */
function performing(acts: readonly Act[], stage: Stage) {
  const done: Done[] = [];
  const timers: NodeJS.Timeout[] = [];
  const underWay = new Set<Promise<void>>();
  let hasBegun = false;

  async function perform({ name, perform: act }: Act): Promise<void> {
    const startedMs = nowMs();
    let problem: string | undefined;
    try {
      await act(stage);
    } catch (error) {
      problem = (error as Error).message;
    }
    done.push({ name, startedMs, endedMs: nowMs(), ...(problem !== undefined && { problem }) });
  }

  return {
    begin(elapsedMs: number) {
      if (hasBegun) return;
      hasBegun = true;
      for (const act of acts) {
        const begin = () => {
          const acting = perform(act).finally(() => underWay.delete(acting));
          underWay.add(acting);
        };
        timers.push(setTimeout(begin, Math.max(0, act.atMs - elapsedMs)));
      }
    },
    async end(): Promise<readonly Done[]> {
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(underWay);
      return done;
    },
  };
}

function openWatch({ needs }: Scenario, { stage, model }: PlayOptions): UserWatch {
  if (needs.witnesses === undefined) return { stop: () => Promise.resolve([]) };
  const channel = openChannel(stage.target);
  const watch = watchUsers(channel, { model, users: needs.witnesses, nowMs });
  return {
    async stop() {
      const sightings = await watch.stop();
      channel.close();
      return sightings;
    },
  };
}
