import { createVirtualClock } from "../../backends/virtual-clock.ts";
import { createAssignment } from "../../router/assignment.ts";
import type { Distribution } from "../../router/distribution.ts";
import { createObserving } from "../../router/observe/observing.ts";
import { pick } from "../../router/pick.ts";
import { reweigh } from "../../router/reweigh.ts";
import { interleaved } from "./interleaved.ts";
import { formatTable } from "./table.ts";

const queries = 20_000;
const whole: Distribution = {
  format: 1,
  model: "playlists",
  revision: 1,
  salt: "autumn",
  arms: [
    { name: "stable", version: "1", weight: 10_000, ranges: [[0, 10_000]] },
    { name: "canary", version: "2", weight: 0, ranges: [] },
  ],
};
const document = { ...whole, arms: reweigh(whole, { stable: 9_500, canary: 500 }) };

/** CPU time that a router takes for a query to see where it went, beside what deciding takes. */
export async function run(): Promise<void> {
  const users = Array.from({ length: queries }, (_, i) => Buffer.from(`listener-${i}`));
  const observing = createObserving(document, createVirtualClock());
  const assignment = createAssignment(document, observing);
  observing.routesBy(assignment.document.arms, undefined);
  const picked = (user: Uint8Array) => pick(assignment, { user }, Math.random);
  const contenders = {
    deciding: () => {
      for (const user of users) picked(user);
    },
    observing: () => {
      for (const user of users) {
        const choice = picked(user);
        if ("arm" in choice) observing.saw(choice.arm, choice.hash);
      }
    },
    reporting: () => observing.observed(),
  };
  const { cpuMs, lostShare } = await interleaved(contenders, { rounds: 15, sliceMs: 40 });
  const decidingNs = (cpuMs.deciding / queries) * 1e6;
  const observingNs = (cpuMs.observing / queries) * 1e6 - decidingNs;
  const reportUs = cpuMs.reporting * 1e3;
  console.log(
    formatTable(
      ["deciding ns/query", "observing ns/query", "a report us"],
      [[decidingNs.toFixed(0), observingNs.toFixed(0), reportUs.toFixed(0)]],
    ),
  );
  const result = { benchmark: "observing", decidingNs, observingNs, reportUs, lostShare };
  console.log(`RESULT ${JSON.stringify(result)}`);
}
