import { describe } from "./describe.ts";
import { describeOverload } from "./describe-overload.ts";
import { type Judged, judge } from "./judge.ts";
import { type JudgedOverload, judgeOverload } from "./judge-overload.ts";
import { overloadTakesMs, playOverload } from "./overload.ts";
import { play, type PlayOptions } from "./play.ts";
import type { Progress } from "./progress.ts";
import type { Chosen } from "./read-options.ts";
import type { Scenario } from "./scenarios.ts";

export interface Results {
  readonly scenarios: ReadonlyMap<Scenario, Judged>;
  readonly overload: JudgedOverload | undefined;
}

/** Besides the calls: starting processes, warming them up, stopping them. */
const setUpMs = 12_000;

/** What all of it takes, when nothing has to be repeated. */
export function takesMs({ scenarios, withOverload }: Chosen, forMs: number): number {
  return scenarios.length * (forMs + setUpMs) + (withOverload ? overloadTakesMs(forMs) : 0);
}

/** One after the other; what proves nothing is repeated once. */
export async function playAll(
  { scenarios, withOverload }: Chosen,
  playing: PlayOptions,
  progress: Progress,
): Promise<Results> {
  const results = new Map<Scenario, Judged>();
  for (const [i, scenario] of scenarios.entries()) {
    progress.at(i * (playing.forMs + setUpMs), `${scenario.name}: ${scenario.about}`);
    const judged = await twiceIfInvalid(progress, async () => judge(await play(scenario, playing)));
    results.set(scenario, judged);
    console.log(`${describe(new Map([[scenario, judged]]))}\n`);
  }
  if (scenarios.length > 1) console.log(`${describe(results)}\n`);
  if (!withOverload) return { scenarios: results, overload: undefined };
  progress.at(scenarios.length * (playing.forMs + setUpMs), "overload: twice the capacity");
  const overload = await twiceIfInvalid(progress, async () =>
    judgeOverload(await playOverload(playing)),
  );
  console.log(describeOverload(overload));
  return { scenarios: results, overload };
}

async function twiceIfInvalid<Result extends { readonly invalid: readonly string[] }>(
  progress: Progress,
  act: () => Promise<Result>,
): Promise<Result> {
  const first = await act();
  if (first.invalid.length === 0) return first;
  progress.say(`once more, since it proves nothing: ${first.invalid.join("; ")}`);
  return act();
}
