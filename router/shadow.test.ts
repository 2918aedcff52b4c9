import { expect, test } from "vitest";
import { createVirtualClock } from "../backends/virtual-clock.ts";
import { Random } from "../models/random.ts";
import { Code, ServingError } from "../proto/serving-error.ts";
import { distributionOf } from "./distributions.fixture.ts";
import { openScene, routeOf, toyQuery } from "./puppet-arms.fixture.ts";

function shadowed(basisPoints: number, maxConcurrent = 10) {
  const shadow = { arm: "dark", basisPoints, maxConcurrent };
  return distributionOf({ stable: 10_000, dark: 0 }, { shadow });
}

/** With a clock that stands still, what is copied waits until it moves. */
async function openShadowScene(document: ReturnType<typeof shadowed>, chance = () => 0) {
  const clock = createVirtualClock();
  const scene = await openScene({ document, clock, chance, shadowTimeoutMs: 200 });
  scene.puppets[0]!.perform();
  return { ...scene, clock, dark: scene.puppets[1]! };
}

test("the caller has his answer before anything is copied", async () => {
  const { router, dark, clock, told } = await openShadowScene(shadowed(10_000));
  const [answer] = await router.answer([toyQuery("ann")]);
  expect(routeOf(answer)).toMatchObject({ arm: "stable", version: "1" });
  expect(dark.waiting).toEqual([]);
  await clock.advanceTo(0);
  expect(dark.waiting).toEqual([[expect.objectContaining({ model: "toy", version: "2" })]]);
  dark.answerNext();
  await clock.advanceTo(1);
  expect(told.shadowed).toEqual([
    { model: "toy", arm: "dark", code: Code.OK, rows: 1, ms: 0, overlap: 1 },
  ]);
});

test("a copy has a deadline of its own, and its caller's cancellation is nothing to it", async () => {
  const { router, dark, clock } = await openShadowScene(shadowed(10_000));
  const caller = new AbortController();
  await router.answer([toyQuery("ann", { deadlineMs: 20, signal: caller.signal })]);
  caller.abort();
  await clock.advanceTo(30);
  const copy = dark.waiting[0]![0]!;
  expect(copy.call.deadlineMs).toBe(200);
  expect(copy.call.metadata.size).toBe(0);
  expect(copy.request().userId).toBe("ann");
});

test("a copy that fails or is never answered concerns nobody", async () => {
  const { router, dark, clock, told } = await openShadowScene(shadowed(10_000));
  const ask = async () => (await router.answer([toyQuery("ann")]))[0];
  expect(routeOf(await ask())).toMatchObject({ arm: "stable" });
  await clock.advanceTo(1);
  dark.failNext(new ServingError("UNAVAILABLE", "gone"));
  expect(routeOf(await ask())).toMatchObject({ arm: "stable" });
  await clock.advanceTo(300);
  expect(told.shadowed).toMatchObject([
    { code: Code.UNAVAILABLE, overlap: undefined },
    { code: Code.DEADLINE_EXCEEDED, overlap: undefined },
  ]);
});

test("what comes beyond the cap is not copied but counted, until copies have ended", async () => {
  const { router, dark, clock, told } = await openShadowScene(shadowed(10_000, 4));
  const ten = () => router.answer(Array.from({ length: 10 }, (_, i) => toyQuery(`u${i}`)));
  expect((await ten()).filter((answer) => answer instanceof ServingError)).toEqual([]);
  await clock.advanceTo(1);
  expect(dark.waiting).toHaveLength(4);
  expect(told.dropped).toBe(6);
  dark.answerNext();
  await clock.advanceTo(2);
  await ten();
  await clock.advanceTo(3);
  expect(dark.waiting).toHaveLength(4);
  expect(told.dropped).toBe(6 + 9);
});

test("the share that is copied is that of the document", async () => {
  const random = new Random(3);
  const { router, clock, told, dark } = await openShadowScene(shadowed(2_000, 1_000), () =>
    random.share(),
  );
  dark.perform();
  const rows = 2_000;
  for (let i = 0; i < rows; i += 1_000)
    await router.answer(Array.from({ length: 1_000 }, (_, j) => toyQuery(`u${i + j}`)));
  await clock.advanceTo(1);
  const sigma = Math.sqrt(rows * 0.2 * 0.8);
  expect(Math.abs(told.shadowed.length - rows * 0.2)).toBeLessThan(3 * sigma);
  expect(told.dropped).toBe(0);
});

test("what failed is not copied, nor what was no sample of the arm's traffic", async () => {
  const document = { ...shadowed(10_000), users: { listed: "stable" } };
  const { router, puppets, clock, dark } = await openShadowScene(document);
  await router.answer([toyQuery("listed")]);
  puppets[0]!.fail(new ServingError("INVALID_ARGUMENT", "no"));
  await router.answer([toyQuery("ann")]);
  await clock.advanceTo(1);
  expect(dark.waiting).toEqual([]);
});

test("another distribution calls off the copies that have not left", async () => {
  const { router, clock, dark } = await openShadowScene(shadowed(10_000));
  await router.answer([toyQuery("ann")]);
  router.apply(distributionOf({ stable: 10_000 }, { revision: 2 }));
  await clock.advanceTo(1);
  expect(dark.waiting).toEqual([]);
});
