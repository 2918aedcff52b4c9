import { expect, test } from "vitest";
import type { ControlStore } from "../control-store.ts";
import { eventually } from "../eventually.contract.ts";
import { reportOf, rolloutOf } from "../rollouts.fixture.ts";
import type { OpenStores } from "./open-stores.contract.ts";

async function byName(store: ControlStore) {
  return (await store.reports()).toSorted((a, b) => (a.router < b.router ? -1 : 1));
}

export function testReports(open: OpenStores): void {
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
    await eventually(async () => {
      await store.report(reportOf("router-1", 1));
      return (await store.reports()).map(({ router }) => router);
    }).toEqual(["router-1"]);
    await eventually(() => store.reports()).toEqual([]);
  });
}
