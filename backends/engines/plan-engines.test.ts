import { expect, test } from "vitest";
import { type EnginePlan, planEngines, type PlanRequest } from "./plan-engines.ts";

const MB = 1e6;
const usual: PlanRequest = {
  machine: { cpus: 4, memoryBytes: 64e9 },
  provider: "cpu",
  variantBytes: 75 * MB,
};
const tight: PlanRequest = {
  ...usual,
  machine: { cpus: 9, memoryBytes: 4e9 },
  variantBytes: 500 * MB,
};

/** The usual machine, with another number of CPUs. */
function cpus(cpus: number, cpuQuota?: number): PlanRequest {
  return {
    ...usual,
    machine: { cpus, memoryBytes: 64e9, ...(cpuQuota !== undefined && { cpuQuota }) },
  };
}

test.each<[string, PlanRequest, Partial<EnginePlan>]>([
  [
    "several cores, one of them for I/O",
    usual,
    { workers: 3, intraOpThreads: 1, limitedBy: "cores" },
  ],
  ["a single core", cpus(1), { workers: 1, intraOpThreads: 1, fits: true }],
  ["a quota below the CPUs", cpus(16, 4), { workers: 3 }],
  ["a broken quota, rounded down", cpus(16, 2.9), { workers: 1 }],
  ["a quota below one CPU", cpus(16, 0.5), { workers: 1 }],
  ["a quota above the CPUs", cpus(2, 8), { workers: 1 }],
  [
    "little memory: cores left over become threads",
    tight,
    { workers: 2, intraOpThreads: 4, limitedBy: "memory", memoryBytes: 1800 * MB },
  ],
  [
    "too little memory for two versions",
    { ...tight, machine: { cpus: 9, memoryBytes: 1e9 } },
    { workers: 1, intraOpThreads: 8, fits: false },
  ],
  [
    "more versions at once share the memory",
    { ...tight, versionsAtOnce: 4 },
    { workers: 1, intraOpThreads: 8, fits: true },
  ],
  ["a budget, instead of the machine's memory", { ...tight, budgetBytes: 5.5e9 }, { workers: 3 }],
  [
    "a budget for less than one session",
    { ...tight, budgetBytes: 1e6 },
    { workers: 1, fits: false },
  ],
  [
    "one device",
    { ...cpus(9), provider: "cuda" },
    { workers: 1, intraOpThreads: 1, limitedBy: "provider" },
  ],
  ["sessions of one thread", { ...tight, provider: "wasm" }, { workers: 2, intraOpThreads: 1 }],
])("plans for %s", (_, request, plan) => {
  expect(planEngines(request)).toMatchObject(plan);
});
