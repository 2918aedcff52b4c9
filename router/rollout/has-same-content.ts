import { isDeepStrictEqual } from "node:util";
import type { Distribution } from "../distribution.ts";

/** Whatever their revisions are. */
export function hasSameContent(one: Distribution, other: Distribution): boolean {
  return isDeepStrictEqual({ ...one, revision: 0 }, { ...other, revision: 0 });
}
