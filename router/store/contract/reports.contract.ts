import { expect, test } from "vitest";
import type { ControlStore } from "../control-store.ts";
import { eventually } from "../eventually.contract.ts";
import { reportOf, rolloutOf } from "../rollouts.fixture.ts";
import type { OpenStores } from "./open-stores.contract.ts";

async function byName(store: ControlStore) {
  const reports = (await store.reports()).toSorted((a, b) => (a.router < b.router ? -1 : 1));
  return reports.map(({ silentMs, ...report }) => {
    expect(silentMs).toBeGreaterThanOrEqual(0);
    return report;
  });
}

async function silences(store: ControlStore): Promise<Readonly<Record<string, number>>> {
  const reports = await store.reports();
  return Object.fromEntries(reports.map(({ router, silentMs }) => [router, silentMs]));
}

function namesake(instance: string, aliveMs = 60_000) {
  return { ...reportOf("router-0", 1), instance, aliveMs };
}

async function instances(of: ControlStore): Promise<readonly string[]> {
  return (await of.reports()).map(({ router, instance }) => `${router} ${instance}`).toSorted();
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

  test("two processes of one name are two, until one leaves or another follows it", async () => {
    await using stores = await open();
    const { store, other } = stores;
    await store.report(namesake("a"));
    await other.report(namesake("b"));
    expect(await instances(store)).toEqual(["router-0 a", "router-0 b"]);
    await store.leave("router-0", "b");
    expect(await instances(other)).toEqual(["router-0 a"]);
    await eventually(async () => {
      await other.report(namesake("c", 0));
      return instances(store);
    }).toEqual(["router-0 c"]);
  });

  test("with the rollout that the store has lost", async () => {
    await using stores = await open();
    const held = rolloutOf({ revision: 9 });
    const { models, ...report } = reportOf("router-0", 9);
    const lowered = { arm: "canary", weight: 0, untilMs: 9, by: "alice", reason: "it burns" };
    const full = { ...report, models: { toy: { ...models["toy"]!, lowered, rollout: held } } };
    await stores.store.report(full);
    expect(await byName(stores.other)).toEqual([full]);
  });

  test("who says nothing is known to say nothing, whatever the clocks of routers tell", async () => {
    await using stores = await open();
    const { store, other } = stores;
    const inAnHour = Date.now() + 3_600_000;
    await store.report({ ...reportOf("router-0", 1), atMs: inAnHour });
    await eventually(async () => {
      await store.report({ ...reportOf("router-1", 1), atMs: 0 });
      const { "router-0": mute = 0, "router-1": loud = 0 } = await silences(other);
      return loud >= 0 && mute > loud + 100;
    }).toBe(true);
    const before = (await silences(other))["router-0"]!;
    await eventually(async () => {
      await other.report(reportOf("router-0", 1));
      return (await silences(store))["router-0"]! < before;
    }).toBe(true);
  });

  test("of too many, who was not heard of for longest is forgotten", async () => {
    await using stores = await open({ maxRouters: 2 });
    const { store } = stores;
    for (const router of ["router-0", "router-1", "router-0", "router-2"]) {
      await store.report(reportOf(router, 1));
      // Else both were heard in the same millisecond.
      await eventually(async () => (await silences(store))[router]! > 1).toBe(true);
    }
    expect(Object.keys(await silences(store)).toSorted()).toEqual(["router-0", "router-2"]);
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
