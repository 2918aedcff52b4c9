import { cpus } from "node:os";
import { instructionSet } from "../../models/instruction-set.ts";
import { mayReturn } from "./low-priority.ts";
import { type Machine, readMachine } from "./machine.ts";
import { type EnginePlan, planEngines } from "./plan-engines.ts";
import { type Finding, probe } from "./probe.ts";
import { type ProviderName, providers } from "./provider.ts";

/** What this machine can run, and why not the rest. */
export interface Survey {
  readonly node: string;
  readonly nodeIsSupported: boolean;
  readonly platform: string;
  readonly processor: string;
  /** What int8 products run on. */
  readonly instructionSet: string;
  readonly machine: Machine;
  /** For a variant of `planBytes` on the CPU. */
  readonly plan: EnginePlan;
  readonly planBytes: number;
  /** A model loads beside one that serves without disturbing it. */
  readonly lowPriorityLoads: boolean;
  readonly providers: readonly ProviderFinding[];
}

export interface ProviderFinding {
  readonly provider: ProviderName;
  readonly finding: Finding;
}

const planBytes = 100e6;
const oldestNode = [20, 20];

/** Tries every provider, one after the other, in processes of their own. */
export async function survey(): Promise<Survey> {
  const findings: ProviderFinding[] = [];
  for (const provider of Object.keys(providers) as ProviderName[]) {
    findings.push({ provider, finding: await probe(provider) });
  }
  const machine = readMachine();
  return {
    node: process.version,
    nodeIsSupported: isAtLeast(process.versions.node, oldestNode),
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    instructionSet: await instructionSet(),
    machine,
    plan: planEngines({ machine, provider: "cpu", variantBytes: planBytes }),
    planBytes,
    lowPriorityLoads: mayReturn(),
    providers: findings,
  };
}

function isAtLeast(version: string, [major = 0, minor = 0]: readonly number[]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
