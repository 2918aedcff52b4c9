import { expect, test } from "vitest";
import { Code } from "../proto/serving-error.ts";
import { type BackendLoad, type Meter, silentMeter } from "./meter.ts";
import { openToy } from "./toy-backend.fixture.ts";
import { createVirtualClock } from "./virtual-clock.ts";

test("the meter hears of waits, runs, replies and failures, in rows", async () => {
  const heard: unknown[] = [];
  const meter: Meter = {
    queued: (waitMs, rows) => heard.push(["queued", waitMs, rows]),
    ran: (rows, runMs) => heard.push(["ran", rows, runMs]),
    answered: (answered) => heard.push(["answered", answered]),
    failed: (code, rows) => heard.push(["failed", code, rows]),
    opened: () => {},
  };
  const clock = createVirtualClock();
  const { engine, ask } = openToy({ clock, meter, maxQueuedRows: 3 });
  const first = ask(["ann"]);
  await clock.advanceTo(0);
  const second = ask(["", "bob", "cy", "dee", "eve"]);
  await clock.advanceTo(5);
  engine.running[0]!.finish(4);
  await first;
  await clock.advanceTo(7);
  engine.running[0]!.finish(2);
  await second;
  expect(heard).toEqual([
    ["queued", 0, 1],
    ["answered", { rows: 1, coldStarts: 1, unknownIds: 0 }],
    ["ran", 1, 4],
    ["queued", 5, 3],
    ["answered", { rows: 1, coldStarts: 0, unknownIds: 0 }],
    ["ran", 3, 2],
    ["failed", Code.RESOURCE_EXHAUSTED, 1],
    ["answered", { rows: 3, coldStarts: 0, unknownIds: 0 }],
  ]);
});

test("what waits and what runs can be read at any time", async () => {
  let load: (() => BackendLoad) | undefined;
  const meter: Meter = { ...silentMeter, opened: (read) => void (load = read) };
  const clock = createVirtualClock();
  const { engine, ask } = openToy({ clock, meter, maxQueuedRows: 9 });
  expect(load!()).toEqual({ queuedRows: 0, maxQueuedRows: 9, runningBatches: 0 });
  const first = ask(["ann"]);
  await clock.advanceTo(0);
  const second = ask(["bob", "cy"]);
  expect(load!()).toEqual({ queuedRows: 2, maxQueuedRows: 9, runningBatches: 1 });
  engine.perform();
  await Promise.all([first, second]);
  expect(load!()).toMatchObject({ queuedRows: 0, runningBatches: 0 });
});
