import { expect, test } from "vitest";
import { collectGarbage } from "./collect-garbage.ts";

test("frees shared memory that nothing holds any more, and keeps the rest", async () => {
  const kept = new SharedArrayBuffer(1 << 20);
  const left = leaveBehind();
  const held = new WeakRef(kept);
  await collectGarbage();
  expect(left.deref()).toBeUndefined();
  expect(held.deref()?.byteLength).toBe(1 << 20);
});

/** Out of the reach of its caller's stack. */
function leaveBehind(): WeakRef<SharedArrayBuffer> {
  return new WeakRef(new SharedArrayBuffer(1 << 20));
}
