import { expect, test } from "vitest";
import { qualityOf } from "./quality.ts";

const probe = (next: number) => ({ user: 0, history: new Int32Array(), next });

test("a hit counts by its rank; the eleventh is none", () => {
  const ids = Int32Array.from({ length: 12 }, (_, i) => i);
  const top = { ids, scores: new Float32Array(12) };
  const { hr10, ndcg10 } = qualityOf(
    [probe(0), probe(2), probe(10), probe(99)],
    [top, top, top, top],
  );
  expect(hr10).toBe(0.5);
  expect(ndcg10).toBeCloseTo((1 + 1 / 2) / 4, 12);
});
