import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { verifyChain } from "./audit-chain.ts";
import type { AuditEntry, ControlStore } from "./control-store.ts";
import { reportOf, rolloutOf } from "./rollouts.fixture.ts";

/** A place for rollouts that is empty at first, opened twice. */
export interface OpenedStores extends AsyncDisposable {
  readonly store: ControlStore;
  /** Another one over the same place; the same one, where a process has the place to itself. */
  readonly other: ControlStore;
}

export interface StoreTerms {
  readonly reportTtlMs?: number;
}

export type OpenStores = (terms?: StoreTerms) => Promise<OpenedStores>;

/** What routers may expect of a control store, whatever it is. */
export function testControlStore(open: OpenStores): void {
  describe("compare and set", () => testWriting(open));
  describe("two writers at once", () => testRaces(open));
  describe("history", () => testHistory(open));
  describe("following", () => testFollowing(open));
  describe("reports", () => testReports(open));
  describe("closing", () => testClosing(open));
}

const lost = { code: Code.ABORTED };
const whole = { limit: 1_000 };

function testWriting(open: OpenStores): void {
  test("a new place holds nothing", async () => {
    await using stores = await open();
    expect(await stores.store.read("toy")).toBeUndefined();
    expect(await stores.store.list()).toEqual([]);
    expect(await stores.store.history("toy", whole)).toEqual([]);
    expect(await stores.store.reports()).toEqual([]);
  });

  test("what was written is read, by everybody and for each model", async () => {
    await using stores = await open();
    const { store, other } = stores;
    const toy = rolloutOf({ revision: 1 });
    const plan = {
      steps: [
        { weight: 500, dwell: 60_000 },
        { weight: 1_000, dwell: "pause" },
      ],
    };
    const state = { phase: "paused", step: 1, sinceMs: 5, leftMs: 7 };
    const music = { ...rolloutOf({ model: "music", revision: 3 }), plan, state } as Rollout;
    await store.write(toy, 0);
    await other.write(music, 0);
    expect(await other.read("toy")).toEqual(toy);
    expect(await store.read("music")).toEqual(music);
    expect(await store.read("playlists")).toBeUndefined();
    const models = (await store.list()).map(({ distribution }) => distribution.model);
    expect(models.sort()).toEqual(["music", "toy"]);
  });

  test("user ids that look like numbers or prototypes, and ten thousand of them", async () => {
    await using stores = await open();
    const ids = ["10", "2", "__proto__", 'é\u{1F3B6}\n"', "constructor"];
    ids.push(...Array.from({ length: 9_990 }, (_, i) => `user-${i}`));
    const users = Object.fromEntries(ids.map((id) => [id, "canary"]));
    const rollout = rolloutOf({ users });
    await stores.store.write(rollout, 0);
    expect(await stores.other.read("toy")).toEqual(rollout);
    const [entry] = await stores.other.history("toy", whole);
    expect(verifyChain([entry!], rollout)).toEqual([]);
  });

  test("another revision than expected: ABORTED, with the revision, who, from where, when and why", async () => {
    await using stores = await open();
    const { store, other } = stores;
    const mine = rolloutOf({ revision: 7 }, { by: "bob", from: "10.9.8.7", reason: "it burns" });
    await store.write(mine, 0);
    const late = other.write(rolloutOf({ revision: 8 }), 6);
    await expect(late).rejects.toMatchObject(lost);
    await expect(late).rejects.toThrow(
      /toy is at revision 7, expected was 6.*bob.*10\.9\.8\.7.*2026-01-02T03:04:05.*it burns/,
    );
    await expect(other.write(rolloutOf({ revision: 1 }), 0)).rejects.toMatchObject(lost);
    expect(await store.read("toy")).toEqual(mine);
  });

  test("revisions only go up, by as much as one likes", async () => {
    await using stores = await open();
    const { store } = stores;
    const rollout = rolloutOf({ revision: 7 });
    await store.write(rollout, 0);
    for (const revision of [6, 7])
      await expect(store.write(rolloutOf({ revision }), 7)).rejects.toThrow("can only go up");
    expect(await store.read("toy")).toEqual(rollout);
    await store.write(rolloutOf({ revision: Number.MAX_SAFE_INTEGER - 1 }), 7);
    await store.write(
      rolloutOf({ revision: Number.MAX_SAFE_INTEGER }),
      Number.MAX_SAFE_INTEGER - 1,
    );
    expect((await store.history("toy", whole)).map((entry) => entry.oldRevision)).toEqual([
      Number.MAX_SAFE_INTEGER - 1,
      7,
      0,
    ]);
  });

  test("expected where nothing is: ABORTED, for the store may have lost it", async () => {
    await using stores = await open();
    const write = stores.store.write(rolloutOf({ revision: 8 }), 7);
    await expect(write).rejects.toMatchObject(lost);
    await expect(write).rejects.toThrow("toy is not in the store, expected was revision 7");
    expect(await stores.store.read("toy")).toBeUndefined();
  });

  test("written again with the same audit id it is done already, whatever came after it", async () => {
    await using stores = await open();
    const { store, other } = stores;
    const first = rolloutOf({ revision: 1 });
    const second = rolloutOf({ revision: 2 });
    await store.write(first, 0);
    await other.write(first, 0);
    await other.write(second, 1);
    await store.write(first, 0);
    await store.write(second, 1);
    expect(await store.read("toy")).toEqual(second);
    expect(await store.history("toy", whole)).toHaveLength(2);
    await expect(store.write(rolloutOf({ revision: 1 }), 0)).rejects.toMatchObject(lost);
  });

  test("the same audit id for another revision is another write", async () => {
    await using stores = await open();
    const { store } = stores;
    const { auditId } = rolloutOf().changed;
    await store.write(rolloutOf({ revision: 3 }), 0);
    await expect(store.write(rolloutOf({ revision: 2 }, { auditId }), 1)).rejects.toMatchObject(
      lost,
    );
    await store.write(rolloutOf({ revision: 4 }, { auditId }), 3);
    expect((await store.read("toy"))?.distribution.revision).toBe(4);
  });

  test("what is no rollout is refused with every problem, and not kept", async () => {
    await using stores = await open();
    const { arms } = rolloutOf().distribution;
    const broken = { ...rolloutOf({ arms: arms.slice(1) }), state: { phase: "asleep" } };
    const write = stores.store.write(broken as unknown as Rollout, 0);
    await expect(write).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
    await expect(write).rejects.toThrow("state.phase");
    expect(await stores.store.read("toy")).toBeUndefined();
    expect(await stores.store.history("toy", whole)).toEqual([]);
  });
}

function testRaces(open: OpenStores): void {
  test("exactly one wins each round, and the others hear of it", async () => {
    await using stores = await open();
    const { store, other } = stores;
    let held = 0;
    const round = fc.record({
      writers: fc.array(fc.boolean(), { minLength: 2, maxLength: 6 }),
      ahead: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(round, async ({ writers, ahead }) => {
        const revision = held + ahead;
        const drafts = writers.map((_, i) => rolloutOf({ revision }, { by: `writer-${i}` }));
        const outcomes = await Promise.allSettled(
          writers.map((isOther, i) => (isOther ? other : store).write(drafts[i]!, held)),
        );
        const winners = drafts.filter((_, i) => outcomes[i]!.status === "fulfilled");
        expect(winners).toHaveLength(1);
        const [winner] = winners;
        expect(await store.read("toy")).toEqual(winner);
        for (const outcome of outcomes)
          if (outcome.status === "rejected") expectLost(outcome.reason, winner!);
        held = revision;
      }),
      // Rounds build on one another: a smaller example would be another one.
      { numRuns: 60, endOnFailure: true },
    );
    const entries = await other.history("toy", whole);
    expect(entries).toHaveLength(60);
    expect(verifyChain(entries, await store.read("toy"))).toEqual([]);
    expect(entries.every(({ oldRevision }, i) => oldRevision === revisionAt(entries, i + 1))).toBe(
      true,
    );
  });
}

function expectLost(reason: unknown, { distribution, changed }: Rollout): void {
  expect(reason).toBeInstanceOf(ServingError);
  expect(reason).toMatchObject(lost);
  expect((reason as Error).message).toContain(`is at revision ${distribution.revision}`);
  expect((reason as Error).message).toContain(changed.by);
}

function revisionAt(entries: readonly AuditEntry[], i: number): number {
  return entries[i]?.rollout.distribution.revision ?? 0;
}

function testHistory(open: OpenStores): void {
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
    expect(await store.list()).toEqual([]);
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
      for (let notes = 0; notes < revision % 4; notes++) await store.note(rollout);
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
}

/** Everything that a follower was told. */
function follower() {
  const told = {
    rollouts: [] as Rollout[],
    states: [] as string[],
    read: [] as (readonly string[])[],
  };
  return {
    told,
    revisions: () => told.rollouts.map(({ distribution }) => distribution.revision),
    onRollout: (rollout: Rollout) => void told.rollouts.push(rollout),
    onState: (state: "up" | "down") => void told.states.push(state),
    onRead: (models: readonly string[]) => void told.read.push(models),
  };
}

function testFollowing(open: OpenStores): void {
  test("what is there already, then what is written, until the signal aborts", async () => {
    await using stores = await open();
    const { store, other } = stores;
    const first = rolloutOf({ revision: 1 });
    await store.write(first, 0);
    const end = new AbortController();
    const seen = follower();
    const following = store.follow(seen, end.signal);
    await expect.poll(() => seen.told.states).toEqual(["up"]);
    await expect.poll(() => seen.told.read).toContainEqual(["toy"]);
    expect(seen.told.rollouts).toContainEqual(first);
    await other.write(rolloutOf({ revision: 2 }), 1);
    await expect.poll(seen.revisions).toContain(2);
    await store.write(rolloutOf({ model: "music", revision: 3 }), 0);
    await expect.poll(seen.revisions).toContain(3);
    end.abort();
    await following;
    const { length } = seen.told.rollouts;
    await store.write(rolloutOf({ revision: 4 }), 2);
    expect(await store.read("toy")).toMatchObject({ distribution: { revision: 4 } });
    expect(seen.told.rollouts).toHaveLength(length);
  });

  test("every follower ends with the newest of each model, though many are written at once", async () => {
    await using stores = await open();
    const { store, other } = stores;
    const end = new AbortController();
    const all = [follower(), follower()];
    const following = all.map((seen, i) => (i === 0 ? store : other).follow(seen, end.signal));
    await expect.poll(() => all.map(({ told }) => told.states)).toEqual([["up"], ["up"]]);
    const models = ["a", "b", "c"];
    await Promise.all(
      models.map(async (model) => {
        for (let revision = 1; revision <= 10; revision++)
          await (revision % 2 ? store : other).write(rolloutOf({ model, revision }), revision - 1);
      }),
    );
    const newest = ({ told }: (typeof all)[number]) =>
      models.map((model) => {
        const of = told.rollouts.filter(({ distribution }) => distribution.model === model);
        return Math.max(...of.map(({ distribution }) => distribution.revision));
      });
    await expect
      .poll(() => all.map(newest))
      .toEqual([
        [10, 10, 10],
        [10, 10, 10],
      ]);
    end.abort();
    await Promise.all(following);
  });

  test("an empty place is read in full as well", async () => {
    await using stores = await open();
    const end = new AbortController();
    const seen = follower();
    const following = stores.store.follow(seen, end.signal);
    await expect.poll(() => seen.told.read[0]).toEqual([]);
    expect(seen.told.states).toEqual(["up"]);
    end.abort();
    await following;
    await stores.store.follow(seen, AbortSignal.abort());
    expect(seen.told.rollouts).toEqual([]);
  });
}

async function byName(store: ControlStore) {
  return (await store.reports()).toSorted((a, b) => (a.router < b.router ? -1 : 1));
}

function testReports(open: OpenStores): void {
  test("the newest of each router, until it leaves", async () => {
    await using stores = await open();
    const { store, other } = stores;
    await store.report(reportOf("router-0", 1));
    await other.report(reportOf("router-1", 2));
    await store.report(reportOf("router-0", 3));
    expect(await byName(other)).toEqual([reportOf("router-0", 3), reportOf("router-1", 2)]);
    await other.leave("router-0");
    expect(await byName(store)).toEqual([reportOf("router-1", 2)]);
    await store.leave("router-9");
  });

  test("with the rollout that the store has lost", async () => {
    await using stores = await open();
    const held = rolloutOf({ revision: 9 });
    const { models, ...report } = reportOf("router-0", 9);
    const lowered = { arm: "canary", weight: 0, untilMs: 9, by: "alice", reason: "it burns" };
    const full = { ...report, models: { toy: { ...models["toy"]!, lowered, rollout: held } } };
    await stores.store.report(full);
    expect(await stores.other.reports()).toEqual([full]);
  });

  test("who says nothing for a while is forgotten", async () => {
    await using stores = await open({ reportTtlMs: 300 });
    const { store } = stores;
    await store.report(reportOf("router-0", 1));
    await expect
      .poll(async () => {
        await store.report(reportOf("router-1", 1));
        return (await store.reports()).map(({ router }) => router);
      })
      .toEqual(["router-1"]);
    await expect.poll(() => store.reports()).toEqual([]);
  });
}

function testClosing(open: OpenStores): void {
  test("closing twice is closing once; followers are let go, and what comes later is refused", async () => {
    await using stores = await open();
    const { store } = stores;
    const following = store.follow(follower(), new AbortController().signal);
    const writing = store.write(rolloutOf(), 0);
    await Promise.all([store.close(), store.close(), following]);
    await writing;
    await store.close();
    const unavailable = { code: Code.UNAVAILABLE };
    await expect(store.read("toy")).rejects.toMatchObject(unavailable);
    await expect(store.write(rolloutOf(), 0)).rejects.toMatchObject(unavailable);
    await expect(store.report(reportOf("router-0", 1))).rejects.toMatchObject(unavailable);
  });
}
