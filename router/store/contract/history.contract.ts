import { expect, test } from "vitest";
import { verifyChain } from "../audit-chain.ts";
import type { AuditEntry } from "../control-store.ts";
import { rolloutOf } from "../rollouts.fixture.ts";
import type { OpenStores } from "./open-stores.contract.ts";

const whole = { limit: 1_000 };

export function testHistory(open: OpenStores): void {
  test("newest first, each with what it was before, who and why, chained", async () => {
    await using stores = await open();
    const { store } = stores;
    const written = [2, 3, 7].map((revision) => rolloutOf({ revision }, { by: `by-${revision}` }));
    for (const [i, rollout] of written.entries()) await store.write(rollout, [0, 2, 3][i]!);
    await store.write(rolloutOf({ model: "music" }), 0);
    const entries = await stores.other.history("toy", whole);
    expect(entries.map(({ rollout }) => rollout)).toEqual(written.toReversed());
    expect(entries.map(({ oldRevision }) => oldRevision)).toEqual([3, 2, 0]);
    expect(entries.at(-1)!.previousHash).toBe("0".repeat(64));
    expect(verifyChain(entries, written.at(-1))).toEqual([]);
  });

  test("a note is an entry that changes nothing else", async () => {
    await using stores = await open();
    const { store, other } = stores;
    const first = rolloutOf({ revision: 4 });
    await store.write(first, 0);
    const note = { ...first, changed: { ...rolloutOf().changed, verb: "lower arm" } };
    await other.note(note);
    // The answer may have been lost.
    await store.note(note);
    expect(await store.read("toy")).toEqual(first);
    const second = rolloutOf({ revision: 5 });
    await store.write(second, 4);
    await store.write(first, 0);
    const entries = await other.history("toy", whole);
    expect(entries.map(({ rollout }) => rollout)).toEqual([second, note, first]);
    expect(entries.map(({ oldRevision }) => oldRevision)).toEqual([4, 4, 0]);
    expect(verifyChain(entries, second)).toEqual([]);
  });

  test("a note about a model that the store does not hold", async () => {
    await using stores = await open();
    const { store } = stores;
    const held = rolloutOf({ revision: 9 });
    await store.note(held);
    expect(await store.read("toy")).toBeUndefined();
    expect((await store.list()).rollouts).toEqual([]);
    const adopted = rolloutOf({ revision: 10 });
    await store.write(adopted, 0);
    const entries = await store.history("toy", whole);
    expect(entries.map(({ rollout }) => rollout)).toEqual([adopted, held]);
    expect(verifyChain(entries, adopted)).toEqual([]);
  });

  test("pages below a revision join to the whole, notes included", async () => {
    await using stores = await open();
    const { store } = stores;
    for (let revision = 1; revision <= 9; revision++) {
      const rollout = rolloutOf({ revision });
      await store.write(rollout, revision - 1);
      for (let notes = 0; notes < revision % 4; notes++)
        await store.note({ ...rollout, changed: rolloutOf().changed });
    }
    const all = await store.history("toy", whole);
    expect(all).toHaveLength(9 + [1, 2, 3, 0, 1, 2, 3, 0, 1].reduce((sum, notes) => sum + notes));
    for (const limit of [1, 2, 3, 5]) {
      const joined: AuditEntry[] = [];
      let page = await store.history("toy", { limit });
      while (page.length > 0) {
        expect(page.length).toBeGreaterThanOrEqual(Math.min(limit, all.length - joined.length));
        joined.push(...page);
        page = await store.history("toy", { limit, below: revisionAt(page, page.length - 1) });
      }
      expect(joined).toEqual(all);
    }
  });

  test("a page of so many bytes, and only entries with an audit id", async () => {
    await using stores = await open();
    const { store } = stores;
    const names = Array.from({ length: 400 }, (_, i) => `${"u".repeat(80)}${i}`);
    const users = Object.fromEntries(names.map((name) => [name, "canary"]));
    for (let revision = 1; revision <= 12; revision++) {
      const auditId = `${revision % 3 === 0 ? "third" : "other"}-${revision}`;
      await store.write(
        rolloutOf({ revision, users }, { auditId, reason: "third-" }),
        revision - 1,
      );
    }
    const all = await store.history("toy", whole);
    expect(await store.history("toy", { limit: 9, maxBytes: 100_000 })).toEqual(all.slice(0, 2));
    expect(await store.history("toy", { limit: 9, maxBytes: 1 })).toEqual(all.slice(0, 1));
    const below = { limit: 9, maxBytes: 130_000, below: 4 };
    expect(await store.history("toy", below)).toEqual(all.slice(9));
    const thirds = all.filter((_, i) => i % 3 === 0);
    expect(await store.history("toy", { limit: 9, auditIdPrefix: "third-" })).toEqual(thirds);
    expect(await store.history("toy", { limit: 9, auditIdPrefix: "no-" })).toEqual([]);
  });
}

export function revisionAt(entries: readonly AuditEntry[], i: number): number {
  return entries[i]?.rollout.distribution.revision ?? 0;
}
