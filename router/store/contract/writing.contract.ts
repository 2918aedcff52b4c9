import { expect, test } from "vitest";
import { Code } from "../../../proto/serving-error.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import { verifyChain } from "../audit-chain.ts";
import { largestRevision } from "../../rollout/largest-revision.ts";
import { rolloutOf } from "../rollouts.fixture.ts";
import type { OpenStores } from "./open-stores.contract.ts";

const lost = { code: Code.ABORTED };
const whole = { limit: 1_000 };

export function testWriting(open: OpenStores): void {
  test("a new place holds nothing", async () => {
    await using stores = await open();
    expect(await stores.store.read("toy")).toBeUndefined();
    expect(await stores.store.list()).toEqual({ rollouts: [], unreadable: [] });
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
    const models = (await store.list()).rollouts.map(({ distribution }) => distribution.model);
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
    await store.write(rolloutOf({ revision: largestRevision - 1 }), 7);
    await store.write(rolloutOf({ revision: largestRevision }), largestRevision - 1);
    expect((await store.history("toy", whole)).map((entry) => entry.oldRevision)).toEqual([
      largestRevision - 1,
      7,
      0,
    ]);
    const beyond = store.write(rolloutOf({ revision: largestRevision + 1 }), largestRevision);
    await expect(beyond).rejects.toThrow("at most 1125899906842624 is taken");
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
