import { expect, test } from "vitest";
import { createDwelling } from "./dwelling.ts";
import { paused } from "./paused.ts";
import { change, minutes, stepping } from "./rollouts.fixture.ts";

const first = stepping("100bp 10m, 500bp 30m");

function open() {
  const clock = { nowMs: 5_000 };
  return { clock, dwelling: createDwelling(() => clock.nowMs) };
}

test("counts from when the step was first held, through changes that leave it running", () => {
  const { clock, dwelling } = open();
  expect(dwelling.dweltMs(first)).toBe(0);
  dwelling.took(first);
  clock.nowMs += minutes;
  const changed = { ...first, distribution: { ...first.distribution, revision: 9 } };
  dwelling.took(changed);
  clock.nowMs += minutes;
  expect(dwelling.dweltMs(changed)).toBe(2 * minutes);
  dwelling.took({ ...first, state: { phase: "stepping", step: 1, sinceMs: 3 } });
  expect(dwelling.dweltMs(first)).toBe(0);
});

test("a pause leaves what was not seen to pass, at most all of it; after resume the rest is due", () => {
  const { clock, dwelling } = open();
  dwelling.took(first);
  clock.nowMs += 4 * minutes;
  const dweltMs = dwelling.dweltMs(first);
  // Whoever began the step and whoever pauses it have clocks that are hours apart.
  for (const nowMs of [-60 * minutes, 60 * minutes])
    expect(paused(first, nowMs, dweltMs).state).toMatchObject({ leftMs: 6 * minutes });
  expect(paused(first, -60 * minutes).state).toMatchObject({ leftMs: 10 * minutes });
  const still = { ...first, ...paused(first, 60 * minutes, dweltMs) };
  const resumed = change(still, { verb: "resume" }, 90 * minutes);
  dwelling.took(still);
  dwelling.took(resumed);
  clock.nowMs += 6 * minutes;
  expect(dwelling.dweltMs(resumed)).toBe(10 * minutes);
});
