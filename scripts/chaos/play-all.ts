import type { Apart, Proven } from "./apart.ts";
import { describe } from "./describe.ts";
import { type Judged, judge } from "./judge.ts";
import { play, type PlayOptions } from "./play.ts";
import type { Progress } from "./progress.ts";
import type { Chosen } from "./read-options.ts";
import type { Scenario } from "./scenarios.ts";

/** By name. */
export type Results = ReadonlyMap<string, Proven>;

/** Besides the calls: starting processes, warming them up, stopping them. */
const setUpMs = 12_000;

/** What all of it takes, when nothing has to be repeated. */
export function takesMs({ scenarios, apart }: Chosen, forMs: number): number {
  const others = apart.reduce((sum, one) => sum + one.takesMs(forMs), 0);
  return scenarios.length * (forMs + setUpMs) + others;
}

/** One after the other; what proves nothing is repeated once. */
export async function playAll(
  { scenarios, apart }: Chosen,
  playing: PlayOptions,
  progress: Progress,
): Promise<Results> {
  const judged = new Map<Scenario, Judged>();
  for (const [i, scenario] of scenarios.entries()) {
    progress.at(i * (playing.forMs + setUpMs), `${scenario.name}: ${scenario.about}`);
    const one = await twiceIfInvalid(progress, async () => judge(await play(scenario, playing)));
    judged.set(scenario, one);
    console.log(`${describe(new Map([[scenario, one]]))}\n`);
  }
  if (scenarios.length > 1) console.log(`${describe(judged)}\n`);
  const results = new Map<string, Proven>(Array.from(judged, ([{ name }, one]) => [name, one]));
  let beforeMs = scenarios.length * (playing.forMs + setUpMs);
  for (const one of apart) {
    progress.at(beforeMs, `${one.name}: ${one.about}`);
    results.set(one.name, await playApart(one, playing, progress));
    beforeMs += one.takesMs(playing.forMs);
  }
  return results;
}

async function playApart(one: Apart, playing: PlayOptions, progress: Progress): Promise<Proven> {
  let told = "";
  const proven = await twiceIfInvalid(progress, async () => {
    const played = await one.play(playing);
    told = played.told;
    return played.proven;
  });
  console.log(`${told}\n`);
  return proven;
}

async function twiceIfInvalid<Result extends Proven>(
  progress: Progress,
  act: () => Promise<Result>,
): Promise<Result> {
  const first = await act();
  if (first.invalid.length === 0) return first;
  progress.say(`once more, since it proves nothing: ${first.invalid.join("; ")}`);
  return act();
}
