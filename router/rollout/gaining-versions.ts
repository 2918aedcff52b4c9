import type { Distribution } from "../distribution.ts";
import { bucketCount } from "../bucket.ts";

/** Versions that more users have after a change than before: by weight, or since a kill switch sends all to their arm. */
export function gainingVersions(
  before: Distribution | undefined,
  after: Distribution,
): readonly string[] {
  const had = before === undefined ? new Map<string, number>() : sharesOf(before);
  return [...sharesOf(after)].flatMap(([version, share]) =>
    share > (had.get(version) ?? 0) ? [version] : [],
  );
}

/** In basis points. */
function sharesOf({ arms, killSwitch }: Distribution): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const { name, version, weight } of arms) {
    const share = killSwitch === undefined ? weight : name === killSwitch ? bucketCount : 0;
    shares.set(version, (shares.get(version) ?? 0) + share);
  }
  return shares;
}
