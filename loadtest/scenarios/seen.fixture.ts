import { lengthOf } from "../engine/schedule-length.ts";
import { createPace } from "../pace/pace.ts";
import type { RunResult, Second } from "../run-result.ts";
import { histogramOf, sampleResult } from "../sample-result.fixture.ts";
import type { Done, Scale, Scenario, Seen, Sighting } from "./scenario.ts";

export const scale: Scale = { capacity: 1_000, perSecond: 150, seconds: (count) => 1_000 * count };

/** What becomes of the calls that are due in one second. */
export interface SecondStory {
  /** Of the calls that end OK. */
  readonly ms?: number;
  readonly refusedShare?: number;
  readonly arms?: Readonly<Record<string, number>>;
}

export type Story = (second: number, due: number) => SecondStory;

const well: Story = () => ({});

/** All went well but for what the story tells: calls take 10 ms, refusals 5 ms. */
export function seenOf(scenario: Scenario, story: Story = well, more: Partial<Seen> = {}): Seen {
  const load = scenario.load(scale);
  const seconds = secondsOf(load.schedule, story);
  const done = (scenario.acts?.(scale) ?? []).map(({ name, atMs }): Done => ({
    name,
    startedMs: atMs,
    endedMs: atMs + 50,
  }));
  return {
    scale,
    load,
    result: resultOf(seconds, lengthOf(load.schedule)),
    done,
    sightings: [],
    before: { inFlight: 0, memoryBytes: 2e8 },
    after: { inFlight: 0, memoryBytes: 2.1e8 },
    ...more,
  };
}

function secondsOf(schedule: Seen["load"]["schedule"], story: Story): readonly Second[] {
  if (schedule.kind === "closed") throw new Error("scenarios have schedules");
  const pace = createPace(schedule, { seed: 1 });
  const due: number[] = [];
  for (let atMs = pace.next(); atMs !== Infinity; atMs = pace.next()) {
    const second = Math.floor(atMs / 1_000);
    due[second] = (due[second] ?? 0) + 1;
  }
  return Array.from({ length: due.length }, (_, second) => {
    const count = due[second] ?? 0;
    const { ms = 10, refusedShare = 0, arms = { stable: 1 } } = story(second, count);
    const failed = Math.round(count * refusedShare);
    const ok = count - failed;
    const entries = Object.entries(arms).map(([arm, share]) => [arm, Math.round(ok * share)]);
    const latency = histogramOf(Array<number>(ok).fill(ms));
    return { due: count, ok, failed, latency, lagMs: 0, arms: Object.fromEntries(entries) };
  });
}

function resultOf(seconds: readonly Second[], tookMs: number): RunResult {
  const sum = (of: "due" | "ok" | "failed") => seconds.reduce((all, one) => all + one[of], 0);
  const [ok, failed] = [sum("ok"), sum("failed")];
  const latencies = seconds.flatMap(({ latency }) =>
    Array.from(latency.buckets()).flatMap(([ms, count]) => Array<number>(count).fill(ms)),
  );
  return sampleResult({
    latencies,
    seconds,
    tookMs,
    failure: histogramOf(Array<number>(failed).fill(5)),
    counts: { due: sum("due"), ok, failed, shed: failed, answers: ok },
    codes: { OK: ok, ...(failed > 0 && { RESOURCE_EXHAUSTED: failed }) },
    ...(failed > 0 && { messages: { RESOURCE_EXHAUSTED: "full" } }),
  });
}

/** So many users looked at each half second; `armOf` says what a user had then. */
export function sightingsOf(
  untilMs: number,
  users: number,
  armOf: (user: number, atMs: number) => string,
): readonly Sighting[] {
  return Array.from({ length: Math.floor(untilMs / 500) }, (_, look) => {
    const askedMs = 500 * look + 100;
    const arms = Array.from({ length: users }, (_, user) => armOf(user, askedMs));
    return { askedMs, answeredMs: askedMs + 20, arms };
  });
}
