import { expect, test } from "vitest";
import type { Family } from "../../models/family.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { modelBackend } from "../model-backend.ts";
import { createPuppetEngine } from "../puppet-engine.ts";
import { createQuery } from "../query.ts";
import { computeToy, createToyFamily, toyRequest } from "../toy-family.ts";
import { createVirtualClock } from "../virtual-clock.ts";

const names = { model: "toy", version: "", user: new Uint8Array() };
const call = { deadlineMs: Infinity, signal: new AbortController().signal, metadata: new Map() };

test.each([
  ["need no run", ""],
  ["need one", "ann"],
])(
  "small requests that take long to read are read in slices, where they %s, and others have their turn between them",
  async (_need, user) => {
    const toy = createToyFamily(100);
    let reads = 0;
    const read: Family["read"] = (bytes) => {
      reads += 1;
      const row = toy.read(bytes);
      return row instanceof ServingError ? row : { ...row, readingBytes: 10_000 };
    };
    const clock = createVirtualClock();
    const engine = createPuppetEngine({ compute: computeToy });
    const family = { ...toy, read };
    const backend = modelBackend({ model: "toy", version: "1", family, engine, clock });
    const ask = (rows: number) =>
      backend.answer(
        Array.from({ length: rows }, () => createQuery(toyRequest(user), call, names)),
      );
    void ask(100);
    expect(reads).toBeLessThan(10);
    let othersAt = 0;
    void clock.turn().then(() => (othersAt = reads));
    await clock.advanceTo(0);
    expect(reads).toBe(100);
    expect(othersAt).toBeLessThan(20);
  },
);
