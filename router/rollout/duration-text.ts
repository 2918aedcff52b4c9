const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const largestFirst = ["d", "h", "m", "s", "ms"] as const;

/** Milliseconds of "90s", "1.5h" or "1h30m"; undefined for what is no duration, a bare number included. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?[a-z]+)+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)([a-z]+)/g)) {
    if (!Object.hasOwn(units, unit!)) return undefined;
    sum += Number(amount) * units[unit!]!;
  }
  return Math.round(sum);
}

/** As `parseDuration` reads it, e.g. "1h30m". */
export function formatDuration(ms: number): string {
  let left = Math.round(ms);
  const parts = largestFirst.map((unit) => {
    const count = Math.floor(left / units[unit]!);
    left -= count * units[unit]!;
    return count === 0 ? "" : `${count}${unit}`;
  });
  return parts.join("") || "0s";
}
