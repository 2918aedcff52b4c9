import { expect, test, vi } from "vitest";
import { openFolder, openRouter } from "./router.fixture.ts";
import { lookAt } from "./standing.ts";
import { watchNamesakes } from "./watch-namesakes.ts";
import { createLog } from "../log/log.ts";

test("of two routers of one name both count, and each is told of the other once", async () => {
  await using folder = await openFolder();
  await using first = await openRouter({ folder });
  const { store } = first;
  await using second = await openRouter({ folder, store });
  await vi.waitUntil(async () => (await store.reports()).length === 2, 10_000);
  for (const { control } of [first, second]) {
    const { reports } = await lookAt(control, "toy");
    expect(reports.map(({ router }) => router)).toEqual(["router-0", "router-0"]);
    expect(new Set(reports.map(({ instance }) => instance)).size).toBe(2);
  }
  const logged: string[] = [];
  const log = createLog({ write: (line) => void logged.push(line), isPretty: false });
  const { router, instance } = first.control.report();
  const look = watchNamesakes({ store, router, instance: instance!, log });
  await look();
  await look();
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain("another router has the same name");
});

test("who leaves takes nobody of its name along", async () => {
  await using folder = await openFolder();
  await using first = await openRouter({ folder });
  const { store } = first;
  {
    await using _second = await openRouter({ folder, store });
    await vi.waitUntil(async () => (await store.reports()).length === 2, 10_000);
  }
  const left = await store.reports();
  expect(left.map(({ instance }) => instance)).toEqual([first.control.report().instance]);
});
