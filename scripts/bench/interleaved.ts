export interface InterleavedOptions {
  /** Default 5. */
  readonly rounds?: number;
  /** CPU time that each contender gets in each round, for at least three calls. Default 120. */
  readonly sliceMs?: number;
}

/**
 * CPU milliseconds of one call, which a busy neighbour lengthens much less than the time on the clock. The contenders take turns, so
 * that what he does lengthen hits all of them; a figure is the median of the rounds, a round's the median of its calls.
 */
export async function interleavedCpuMs<Name extends string>(
  contenders: Readonly<Record<Name, () => unknown>>,
  { rounds = 5, sliceMs = 120 }: InterleavedOptions = {},
): Promise<Record<Name, number>> {
  const calls = Object.entries<() => unknown>(contenders);
  const figures = new Map<string, number[]>(calls.map(([name]) => [name, []]));
  for (const [, call] of calls) await call();
  for (let round = 0; round < rounds; round++) {
    for (const [name, call] of calls) figures.get(name)!.push(await cpuMsOf(call, sliceMs));
  }
  return Object.fromEntries([...figures].map(([name, rounds]) => [name, median(rounds)])) as Record<
    Name,
    number
  >;
}

async function cpuMsOf(call: () => unknown, sliceMs: number): Promise<number> {
  const times: number[] = [];
  let spentMs = 0;
  while (times.length < 3 || spentMs < sliceMs) {
    const start = process.cpuUsage();
    await call();
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1_000);
    spentMs += times.at(-1)!;
  }
  return median(times);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
