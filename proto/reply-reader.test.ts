import * as fc from "fast-check";
import { expect, test } from "vitest";
import { appendRouted } from "./append-routed.ts";
import { RecommendResponse, RouteReason } from "./gen/crossfade/v1/recommender.ts";
import { isDegraded, itemIds } from "./reply-reader.ts";
import { Code } from "./serving-error.ts";

const replies = fc.record({
  items: fc.array(
    fc.record({ score: fc.float({ noNaN: true }), id: fc.string(), title: fc.string() }),
    { maxLength: 20 },
  ),
  degraded: fc.constantFrom("", "popular items"),
  model: fc.string(),
  isRouted: fc.boolean(),
});

test("reads what the generated code reads", () => {
  fc.assert(
    fc.property(replies, ({ items, degraded, model, isRouted }) => {
      const response = RecommendResponse.fromPartial({ items, served: { model, degraded } });
      const server = RecommendResponse.encode(response).finish();
      const routed = { arm: "canary", reason: RouteReason.BUCKET, attempts: 1, degraded: "" };
      const bytes = isRouted ? appendRouted(server, routed, "r1") : server;
      expect(itemIds(bytes)).toEqual(items.map(({ id }) => Buffer.from(id).toString("latin1")));
      expect(isDegraded(bytes)).toBe(degraded !== "");
    }),
  );
});

test("refuses what is malformed as the generated code does, and nothing else", () => {
  const whole = RecommendResponse.encode(
    RecommendResponse.fromPartial({ items: [{ id: "a", score: 1 }, { id: "b" }] }),
  ).finish();
  for (let length = 0; length < whole.length; length++) {
    const cut = whole.subarray(0, length);
    const read = outcome(() => itemIds(cut).length);
    const generated = outcome(() => RecommendResponse.decode(cut).items.length);
    expect(read).toEqual(generated instanceof Error ? malformed : generated);
  }
});

const malformed = expect.objectContaining({ code: Code.INVALID_ARGUMENT });

function outcome(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

test("an empty reply has no items and is not degraded", () => {
  expect(itemIds(new Uint8Array())).toEqual([]);
  expect(isDegraded(new Uint8Array())).toBe(false);
});
