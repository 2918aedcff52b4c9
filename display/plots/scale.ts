/** From values to shares of an axis, 0 where it begins and 1 where it ends. */
export interface Scale {
  at(value: number): number;
  readonly ticks: readonly number[];
}

/** From 0 to a little more than `most`. */
export function linearScale(most: number, wantedTicks = 4): Scale {
  const end = 1.06 * (most > 0 ? most : 1);
  const step = roundUp(end / (wantedTicks + 1));
  return {
    at: (value) => value / end,
    ticks: Array.from({ length: Math.floor(end / step) + 1 }, (_, at) =>
      Number((at * step).toPrecision(12)),
    ),
  };
}

/** From a little less than `least` to a little more than `most`, at least a tenth of them: for points, not for areas. */
export function rangeScale(least: number, most: number): Scale {
  const margin = Math.max((most - least) * 0.25, most * 0.05);
  const [low, high] = [Math.max(0, least - margin), most + margin];
  const step = roundUp((high - low) / 4);
  const first = Math.ceil(low / step);
  return {
    at: (value) => (value - low) / (high - low),
    ticks: Array.from({ length: Math.floor(high / step) - first + 1 }, (_, at) =>
      Number(((first + at) * step).toPrecision(12)),
    ),
  };
}

/** Positive values, at least a factor of 4 from end to end; what is outside is at the border. */
export function logScale(least: number, most: number): Scale {
  const middle = Math.sqrt(least * most);
  const low = Math.log10(Math.min(least / 1.15, middle / 2));
  const high = Math.log10(Math.max(most * 1.15, middle * 2));
  return {
    at: (value) => clamp((Math.log10(Math.max(value, 1e-9)) - low) / (high - low)),
    ticks: logTicks(10 ** low, 10 ** high),
  };
}

/** 1, 10, 100 over many decades; 1, 2, 5 between them over few. */
function logTicks(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  const steps = decades > 4.5 ? [1] : decades > 0.9 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  return Array.from({ length: last - first + 1 }, (_, at) =>
    steps.map((step) => Number((step * 10 ** (first + at)).toPrecision(6))),
  )
    .flat()
    .filter((tick) => tick >= low && tick <= high);
}

/** Percentiles by how many calls are beyond them: each decade of nines is as wide. */
export function nines(calls: number): Scale {
  const end = Math.max(1, Math.log10(Math.max(1, calls)));
  const ticks = [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999];
  const at = (quantile: number) => clamp(-Math.log10(Math.max(1e-12, 1 - quantile)) / end);
  return { at, ticks: ticks.filter((tick) => -Math.log10(1 - tick) <= end + 1e-9) };
}

/** 1, 2, 2.5 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
