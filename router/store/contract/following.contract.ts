import { expect, test } from "vitest";
import type { Rollout } from "../../rollout/rollout.ts";
import { eventually } from "../eventually.contract.ts";
import { rolloutOf } from "../rollouts.fixture.ts";
import type { OpenStores } from "./open-stores.contract.ts";

/** Everything that a follower was told. */
export function follower() {
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

export function testFollowing(open: OpenStores): void {
  test("what is there already, then what is written, until the signal aborts", async () => {
    await using stores = await open();
    const { store, other } = stores;
    const first = rolloutOf({ revision: 1 });
    await store.write(first, 0);
    const end = new AbortController();
    const seen = follower();
    const following = store.follow(seen, end.signal);
    await eventually(() => seen.told.states).toEqual(["up"]);
    await eventually(() => seen.told.read).toContainEqual(["toy"]);
    expect(seen.told.rollouts).toContainEqual(first);
    await other.write(rolloutOf({ revision: 2 }), 1);
    await eventually(seen.revisions).toContain(2);
    await store.write(rolloutOf({ model: "music", revision: 3 }), 0);
    await eventually(seen.revisions).toContain(3);
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
    await eventually(() => all.map(({ told }) => told.states)).toEqual([["up"], ["up"]]);
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
    await eventually(() => all.map(newest)).toEqual([
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
    await eventually(() => seen.told.read[0]).toEqual([]);
    expect(seen.told.states).toEqual(["up"]);
    end.abort();
    await following;
    await stores.store.follow(seen, AbortSignal.abort());
    expect(seen.told.rollouts).toEqual([]);
  });
}
