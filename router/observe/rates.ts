import type { Clock } from "../../backends/clock.ts";

/** How fast counts grow: of the last minute, or since there are any. Samples are taken when it is asked, at most one a second. */
export type Rates = () => Readonly<Record<string, number>>;

type Counts = readonly (readonly [name: string, count: number])[];

interface Sample {
  readonly atMs: number;
  readonly counts: Counts;
}

const windowMs = 60_000;
const betweenSamplesMs = 1_000;

/** @param counts Always of the same names. */
export function createRates(clock: Pick<Clock, "now">, counts: () => Counts): Rates {
  const samples: Sample[] = [{ atMs: clock.now(), counts: counts() }];
  return () => {
    const now: Sample = { atMs: clock.now(), counts: counts() };
    // One that is older than the window begins it.
    while (samples.length > 1 && samples[1]!.atMs <= now.atMs - windowMs) samples.shift();
    const oldest = samples[0]!;
    if (now.atMs - samples.at(-1)!.atMs >= betweenSamplesMs) samples.push(now);
    const seconds = (now.atMs - oldest.atMs) / 1_000;
    return Object.fromEntries(
      now.counts.map(([name, count], i) => {
        const grown = count - oldest.counts[i]![1];
        return [name, seconds > 0 ? grown / seconds : 0];
      }),
    );
  };
}
