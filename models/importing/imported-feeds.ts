import type { TryFileOptions } from "../exporting/try-out.ts";
import type { Tensors } from "../tensors.ts";
import { encodeRows } from "../sequence/encode-rows.ts";
import type { ImportPlan } from "./plan.ts";

/** What a serving graph is fed with when it is measured. */
export function importedFeeds({ lengths, items, serving }: ImportPlan): TryFileOptions["feeds"] {
  const encode = (histories: readonly Int32Array[], fetch: number): Tensors => {
    const longest = Math.max(...histories.map(({ length }) => length));
    const length = lengths.find((one) => one >= longest) ?? lengths.at(-1)!;
    const shape = { length, candidates: 0, fetch };
    const rows = histories.map((history) => ({
      user: -1,
      shape,
      sequence: history.slice(-length),
      candidates: undefined,
    }));
    return encodeRows(rows, { padding: serving.side, itemCount: items });
  };
  const whole = Int32Array.from({ length: lengths.at(-1)! }, (_, i) => (i * 7) % items);
  return {
    ranking: (probes, fetch) =>
      encode(
        probes.map(({ history }) => history),
        fetch,
      ),
    timing: (rows) =>
      encode(
        Array.from({ length: rows }, () => whole),
        Math.min(10, items),
      ),
  };
}
