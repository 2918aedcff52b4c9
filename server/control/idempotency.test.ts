import { expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import type { Ask } from "./ask.ts";
import { change, type Asker } from "./change-rollout.ts";
import { openFolder, openRouter, type OpenRouter } from "./router.fixture.ts";

const atMs = Date.now();
const dayMs = 24 * 3_600_000;
const ann: Asker = { by: "ann", from: "10.0.0.1", reason: "it looks good", atMs };

const weight = (canary: number): Ask => ({ verb: "set weight", weights: { canary } });

function ask({ control }: OpenRouter, what: Ask, asker: Partial<Asker> = {}) {
  const request = { model: "toy", ask: what, idempotencyKey: "deploy-7" };
  return change(control, request, { ...ann, ...asker });
}

const otherRequest = {
  code: Code.ALREADY_EXISTS,
  message: expect.stringMatching(/"deploy-7" was used at 20.* for another request \("set weight"/),
};

test("a repeat gets the first answer, whatever has happened since", async () => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder });
  const first = await ask(router, weight(250));
  await change(router.control, { model: "toy", ask: weight(9) }, ann);
  expect(await ask(router, weight(250), { atMs: atMs + 1_000 })).toEqual({
    ...first,
    isRepeat: true,
  });
  expect(router.router.current("toy")!.revision).toBe(3);
});

test("the key with another request is ALREADY_EXISTS; of another caller it is another key", async () => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder });
  await ask(router, weight(250));
  await expect(ask(router, weight(251))).rejects.toMatchObject(otherRequest);
  await expect(ask(router, weight(250), { reason: "another" })).rejects.toMatchObject(otherRequest);
  await expect(ask(router, { verb: "abort" })).rejects.toMatchObject(otherRequest);
  expect((await ask(router, weight(251), { by: "bob" })).isRepeat).toBe(false);
});

test("at another router of the same store it is the same key", async () => {
  await using folder = await openFolder();
  await using one = await openRouter({ folder });
  await using other = await openRouter({ folder, name: "router-1", store: one.store });
  const first = await ask(one, weight(250));
  expect(await ask(other, weight(250))).toEqual({ ...first, isRepeat: true });
  await expect(ask(other, weight(300))).rejects.toMatchObject(otherRequest);
});

test("two routers at the same time: one writes, both give the same answer", async () => {
  await using folder = await openFolder();
  await using one = await openRouter({ folder });
  await using other = await openRouter({ folder, name: "router-1", store: one.store });
  const [mine, theirs] = await Promise.all([ask(one, weight(250)), ask(other, weight(250))]);
  expect(mine.rollout).toEqual(theirs.rollout);
  expect(await one.store.history("toy", { limit: 10 })).toHaveLength(2);
});

test("two routers at the same time with another request: one of them is told so", async () => {
  await using folder = await openFolder();
  await using one = await openRouter({ folder });
  await using other = await openRouter({ folder, name: "router-1", store: one.store });
  one.store.beforeWrite(() => ask(other, weight(300)));
  await expect(ask(one, weight(250))).rejects.toMatchObject(otherRequest);
});

test("after a day a key is new, unless nothing has changed since", async () => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder });
  await ask(router, weight(250));
  const later = { atMs: atMs + dayMs + 1 };
  expect((await ask(router, weight(250), later)).isRepeat).toBe(true);
  await change(router.control, { model: "toy", ask: weight(9) }, { ...ann, ...later });
  expect((await ask(router, weight(250), later)).isRepeat).toBe(false);
});

test("a key is found behind hundreds of other changes", async () => {
  await using folder = await openFolder();
  await using router = await openRouter({ folder });
  const first = await ask(router, weight(250));
  for (let i = 0; i < 250; i++) await change(router.control, { model: "toy", ask: weight(i) }, ann);
  expect((await ask(router, weight(250))).auditId).toBe(first.auditId);
});
