import { expect, test } from "vitest";
import { survey, type Survey } from "./survey.ts";
import { surveyTable } from "./survey-table.ts";

test("the survey tries every provider and says why not", async () => {
  const found = await survey();
  expect(found).toMatchObject({ node: process.version, nodeIsSupported: true });
  expect(found.providers.map(({ provider }) => provider)).toEqual([
    "cpu",
    "cuda",
    "webgpu",
    "wasm",
  ]);
  for (const { provider, finding } of found.providers) {
    if (provider === "cpu" || provider === "wasm") expect(finding).toMatchObject({ works: true });
    else if (!finding.works) expect(finding.why, provider).toMatch(/missing|driver/);
  }
});

test("the table fits a terminal and says what to do", () => {
  const plan = {
    workers: 1,
    intraOpThreads: 1,
    limitedBy: "memory",
    memoryBytes: 1,
    fits: false,
  } as const;
  const found: Survey = {
    node: "v18.0.0",
    nodeIsSupported: false,
    platform: "linux-x64",
    processor: "A processor",
    instructionSet: "avx2",
    machine: { cpus: 4, cpuQuota: 1.5, memoryBytes: 512e6 },
    plan,
    planBytes: 100e6,
    lowPriorityLoads: false,
    providers: [
      { provider: "cpu", finding: { works: true, openMs: 93.4, firstRunMs: 1.25 } },
      { provider: "cuda", finding: { works: false, why: "libcuda.so.1 is missing" } },
    ],
  };
  expect(surveyTable(found)).toMatchInlineSnapshot(`
    "node       v18.0.0; 20.20 or newer is needed
    platform   linux-x64
    processor  A processor
    int8       no instructions for it (avx2): qint8 variants may be no faster than fp32
    cpus       4, limited to 1.5 by the control group
    memory     512 MB
    loading    at normal priority, which slows a model that serves; give the process CAP_SYS_NICE
    plan       1 x 1 threads for a model of 100 MB, limited by memory; not enough memory to load a new version beside the old

    cpu   works: opens in 93 ms, first run 1.3 ms
    cuda  no: libcuda.so.1 is missing
    "
  `);
});
