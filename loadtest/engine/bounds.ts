export type Bounds = readonly [least: number, most: number];

/** What is wrong with a setting: nothing, or a sentence. */
export function within(name: string, value: number, [least, most]: Bounds): readonly string[] {
  // A plan may have come over the wire.
  if (typeof value === "number" && value >= least && value <= most) return [];
  return [`${name} is ${value}: it must be from ${grouped(least)} to ${grouped(most)}`];
}

export function whole(name: string, value: number, bounds: Bounds): readonly string[] {
  if (Number.isInteger(value)) return within(name, value, bounds);
  return [`${name} is ${value}: it must be a whole number`];
}

function grouped(value: number): string {
  return value.toLocaleString("en-US");
}
