/** Values with their units, as people write them. `undefined`: it is none, or its unit is missing. */

const msPerUnit: Readonly<Record<string, number>> = { us: 1e-3, ms: 1, s: 1_000, min: 60_000 };
const secondsPerUnit: Readonly<Record<string, number>> = { s: 1, min: 60 };

/** Milliseconds of "25ms", "1.5 s" or "800us". */
export function parseLatency(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?) ?(us|ms|s|min)$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(amount) * msPerUnit[unit]!;
}

/** 0.001 of "0.1%"; 0 needs no unit. */
export function parseShare(text: string): number | undefined {
  if (text === "0") return 0;
  const [, amount] = /^(\d+(?:\.\d+)?) ?%$/.exec(text) ?? [];
  const percent = Number(amount);
  return amount === undefined || percent > 100 ? undefined : percent / 100;
}

/** Calls per second of "2000/s" or "90/min". */
export function parseRate(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?) ?\/ ?(s|min)$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(amount) / secondsPerUnit[unit]!;
}
