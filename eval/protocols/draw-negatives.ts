import { Random } from "../../models/random.ts";

export interface DrawOptions {
  readonly count: number;
  readonly seed: number;
  /** Which user's, so that one user's negatives do not depend on who else is asked. */
  readonly stream: number;
}

/** Different items, each as likely as any other, none of them excluded; fewer where there are not as many. */
export function drawNegatives(
  items: readonly string[],
  excluded: ReadonlySet<string>,
  { count, seed, stream }: DrawOptions,
): readonly string[] {
  const random = new Random(seed, stream);
  const open = items.length - items.filter((item) => excluded.has(item)).length;
  const wanted = Math.min(count, open);
  const drawn = new Set<string>();
  while (drawn.size < wanted) {
    const item = items[random.below(items.length)]!;
    if (!excluded.has(item)) drawn.add(item);
  }
  return [...drawn];
}
