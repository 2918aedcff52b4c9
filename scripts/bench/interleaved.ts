export interface InterleavedOptions {
  /** Default 5. */
  readonly rounds?: number;
  /** CPU time that each contender gets in each round, for at least three calls. Default 120. */
  readonly sliceMs?: number;
}

export interface Interleaved<Name extends string> {
  /** CPU milliseconds of one call: the median of the rounds, a round's being the median of its calls. */
  readonly cpuMs: Record<Name, number>;
  /** The share of the time during which others had the core. They also take cache and memory bandwidth, which no clock shows. */
  readonly lostShare: number;
}

/** The contenders take turns, so that a busy neighbour hits all of them. */
export async function interleaved<Name extends string>(
  contenders: Readonly<Record<Name, () => unknown>>,
  { rounds = 5, sliceMs = 120 }: InterleavedOptions = {},
): Promise<Interleaved<Name>> {
  const calls = Object.entries<() => unknown>(contenders);
  const medians = new Map<string, number[]>(calls.map(([name]) => [name, []]));
  for (const [, call] of calls) await call();
  const total = { wallMs: 0, cpuMs: 0 };
  for (let round = 0; round < rounds; round++) {
    for (const [name, call] of calls) {
      const start = performance.now();
      const times = await cpuTimesOf(call, sliceMs);
      total.wallMs += performance.now() - start;
      total.cpuMs += times.reduce((sum, ms) => sum + ms, 0);
      medians.get(name)!.push(median(times));
    }
  }
  const cpuMs = Object.fromEntries([...medians].map(([name, values]) => [name, median(values)]));
  return {
    cpuMs: cpuMs as Record<Name, number>,
    lostShare: Math.max(0, 1 - total.cpuMs / total.wallMs),
  };
}

export async function interleavedCpuMs<Name extends string>(
  contenders: Readonly<Record<Name, () => unknown>>,
  options: InterleavedOptions = {},
): Promise<Record<Name, number>> {
  return (await interleaved(contenders, options)).cpuMs;
}

async function cpuTimesOf(call: () => unknown, sliceMs: number): Promise<number[]> {
  const times: number[] = [];
  let spentMs = 0;
  while (times.length < 3 || spentMs < sliceMs) {
    const start = process.cpuUsage();
    await call();
    const { user, system } = process.cpuUsage(start);
    const ms = (user + system) / 1_000;
    times.push(ms);
    spentMs += ms;
  }
  return times;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
