import { expect, test } from "vitest";
import { createVirtualClock } from "../virtual-clock.ts";
import { createOutlier, type Verdict } from "./outlier.ts";

function createScene() {
  const clock = createVirtualClock();
  const events: string[] = [];
  const outlier = createOutlier({
    clock,
    ejected: (forMs) => events.push(`out ${forMs}`),
    readmitted: () => events.push("in"),
  });
  const attempts = (verdict: Verdict, times = 1) => {
    for (let i = 0; i < times; i++) outlier.begin()(verdict);
  };
  return { clock, outlier, events, attempts };
}

test("five broken attempts in a row are too many; one answer between them starts anew", () => {
  const { outlier, attempts } = createScene();
  attempts("broken", 4);
  attempts("answered");
  attempts("broken", 4);
  expect(outlier.state()).toBe("in");
  attempts("broken");
  expect(outlier.state()).toBe("out");
});

test("half of twenty attempts in ten seconds are too many, not of nineteen, not of older ones", async () => {
  const { clock, outlier, attempts } = createScene();
  attempts("failed", 19);
  expect(outlier.state()).toBe("in");
  await clock.advanceTo(10_000);
  attempts("answered", 10);
  attempts("failed", 9);
  expect(outlier.state()).toBe("in");
  attempts("failed");
  expect(outlier.state()).toBe("out");
});

test("attempts that say nothing count for nothing", () => {
  const { outlier, attempts } = createScene();
  attempts("nothing", 100);
  expect(outlier.state()).toBe("in");
});

test("each ejection is longer, up to a minute; one attempt at its end decides", async () => {
  const { clock, outlier, events, attempts } = createScene();
  attempts("broken", 5);
  for (let i = 0; i < 13; i++) {
    const forMs = Number(events.at(-1)!.slice("out ".length));
    await clock.advanceTo(clock.now() + forMs - 1);
    expect(outlier.state()).toBe("out");
    await clock.advanceTo(clock.now() + 1);
    expect(outlier.state()).toBe("probe");
    const judge = outlier.begin();
    expect(outlier.state()).toBe("out");
    judge("failed");
  }
  expect(events.slice(0, 3)).toEqual(["out 5000", "out 10000", "out 15000"]);
  expect(events.at(-1)).toBe("out 60000");
});

test("a probe that is answered readmits; one that says nothing is repeated", async () => {
  const { clock, outlier, events, attempts } = createScene();
  attempts("broken", 5);
  await clock.advanceTo(5_000);
  attempts("nothing");
  expect(outlier.state()).toBe("probe");
  attempts("answered");
  expect(outlier.state()).toBe("in");
  expect(events).toEqual(["out 5000", "in"]);
});

test("answers to what had left before the ejection do not end it", () => {
  const { outlier, attempts } = createScene();
  const before = outlier.begin();
  attempts("broken", 5);
  before("answered");
  expect(outlier.state()).toBe("out");
});

test("after a long time without an ejection the next one is short again", async () => {
  const { clock, events, attempts } = createScene();
  attempts("broken", 5);
  await clock.advanceTo(5_000);
  attempts("answered");
  await clock.advanceTo(200_000);
  attempts("broken", 5);
  expect(events).toEqual(["out 5000", "in", "out 5000"]);
});
