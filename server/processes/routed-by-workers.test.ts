import { expect, test } from "vitest";
import { distributionOf } from "../../router/distributions.fixture.ts";
import type { ModelReports } from "./messages.ts";
import { routedByWorkers } from "./routed-by-workers.ts";

const addresses = { address: "127.0.0.1:1", port: 1, httpPort: undefined, metricsPort: undefined };
const document = distributionOf({ stable: 9_000, canary: 1_000 }, { revision: 7 });
const having = (revision: number): ModelReports => ({
  toy: { revision, appliedAtMs: 1, observed: { arms: {}, contradictions: 0 }, load: {} },
});

test("is as far as the slowest of its workers; one that has said nothing is nowhere", async () => {
  const said: ModelReports[] = [having(7), having(7)];
  const workers = [0, 1].map((i) => ({
    addresses: () => addresses,
    models: () => said[i]!,
    tell: () => {},
  }));
  const routed = routedByWorkers(() => workers);
  await routed.apply(document);
  expect(routed.report()["toy"]?.revision).toBe(7);
  said[1] = {};
  expect(routed.report()["toy"]?.revision).toBe(0);
  said[1] = having(6);
  expect(routed.report()["toy"]?.revision).toBe(6);
  routed.close();
});
