const durationUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const byteUnits: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** Milliseconds of "250ms", "2s", "1.5h" or "30d"; a bare number is milliseconds. */
export function parseDuration(text: string): number | undefined {
  return parseQuantity(text, durationUnits);
}

/** Bytes of "4MiB" or "1.5GB"; a bare number is bytes. */
export function parseBytes(text: string): number | undefined {
  return parseQuantity(text, byteUnits);
}

function parseQuantity(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(text.trim()) ?? [];
  const factor = unit === "" ? 1 : Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (amount === undefined || factor === undefined) return undefined;
  return Math.round(Number(amount) * factor);
}

export function formatDuration(ms: number): string {
  return formatQuantity(ms, ["d", "h", "min", "s", "ms"], durationUnits);
}

export function formatBytes(bytes: number): string {
  return formatQuantity(bytes, ["GiB", "MiB", "KiB", "B"], byteUnits);
}

/** In the largest unit that needs no fraction. */
function formatQuantity(
  amount: number,
  largestFirst: readonly string[],
  units: Readonly<Record<string, number>>,
): string {
  const fits = (unit: string) => amount >= units[unit]! && Number.isInteger(amount / units[unit]!);
  const unit = largestFirst.find(fits) ?? largestFirst.at(-1)!;
  return `${amount / units[unit]!}${unit}`;
}
