import { expect, test } from "vitest";
import type { Family } from "../../models/family.ts";
import { modelBackend } from "../model-backend.ts";
import { createPuppetEngine } from "../puppet-engine.ts";
import { createQuery } from "../query.ts";
import { computeToy, createToyFamily, toyRequest } from "../toy-family.ts";
import { createVirtualClock } from "../virtual-clock.ts";

const replyBytes = 10_000;
const names = { model: "toy", version: "", user: new Uint8Array() };
const call = { deadlineMs: Infinity, signal: new AbortController().signal, metadata: new Map() };

/** A family whose requests are small and whose replies are not. */
function openVerbose() {
  const counts = { replies: 0 };
  const reply = () => {
    counts.replies++;
    return new Uint8Array(replyBytes);
  };
  const family: Family = { ...createToyFamily(100), reply };
  const clock = createVirtualClock();
  const engine = createPuppetEngine({ compute: computeToy });
  const backend = modelBackend({ model: "toy", version: "1", family, engine, clock });
  const ask = (user: string, rows: number) =>
    backend.answer(Array.from({ length: rows }, () => createQuery(toyRequest(user), call, names)));
  return { counts, clock, engine, ask };
}

test("a batch of replies that need no run is written in slices, and others have their turn between them", async () => {
  const { counts, clock, ask } = openVerbose();
  const batch = ask("", 100);
  expect(counts.replies * replyBytes).toBeLessThan(100_000);
  let othersAt = 0;
  void ask("", 1).then(() => (othersAt = counts.replies));
  await clock.advanceTo(0);
  expect(await batch).toHaveLength(100);
  expect(othersAt).toBeLessThan(20);
});

test("the replies of a large run are written in slices, and others have their turn between them", async () => {
  const { counts, clock, engine, ask } = openVerbose();
  const batch = ask("ann", 100);
  await clock.advanceTo(0);
  engine.perform();
  let othersAt = 0;
  void clock.turn().then(() => (othersAt = counts.replies));
  await clock.advanceTo(0);
  expect(await batch).toHaveLength(100);
  expect(othersAt).toBeLessThan(20);
});
