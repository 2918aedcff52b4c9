const units: readonly (readonly [name: string, ms: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
];

/** About how long, as a person would say it: "8s", "3m", "2h", "5d". */
export function roughly(ms: number): string {
  const [name, unit] = units.find(([, least]) => ms >= 2 * least) ?? units.at(-1)!;
  return `${Math.round(Math.max(0, ms) / unit)}${name}`;
}

export function ago(time: Date | undefined, nowMs: number): string {
  return time === undefined ? "never" : `${roughly(nowMs - time.getTime())} ago`;
}
