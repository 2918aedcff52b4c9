import type { Given } from "../../arguments/flag.ts";
import { wrong } from "../../arguments/wrong.ts";
import type { RunPlan } from "../../../loadtest/run-plan.ts";
import type { Schedule } from "../../../loadtest/schedule.ts";
import type { Workload } from "../../../loadtest/workload.ts";
import { readRecording } from "../../../loadtest/workloads/recorded-traffic.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { generatorFlags, readGenerator, readSeed } from "./generator-flags.ts";
import { readSchedule, readSpeed, replayFlag } from "./schedule-flags.ts";
import { httpFlag, metadataFlag, readMetadata, readTargets, readTls } from "./target-flags.ts";
import { tlsFlags } from "./target-flags.ts";
import { readWorkload, type Destination } from "./read-workload.ts";
import { workloadFlags } from "./workload-flags.ts";

/** What says all of a plan but where the load goes and when calls come. */
export const loadFlags = [httpFlag, ...generatorFlags, ...workloadFlags, metadataFlag, ...tlsFlags];

export interface PlanParts {
  readonly given: Given;
  readonly terminal: Terminal;
  /** Default: what --target says. */
  readonly targets?: readonly string[];
  /** Default: what the flags say. */
  readonly schedule?: Schedule;
}

/** The plan that flags describe; throws INVALID_ARGUMENT for flags that make none. */
export async function readPlan({ given, terminal, ...parts }: PlanParts): Promise<RunPlan> {
  const targets = parts.targets ?? readTargets(given);
  const tls = readTls(given, terminal);
  const isHttp = given.has(httpFlag);
  const seed = readSeed(given);
  const destination = { targets, tls, isHttp, metadata: readMetadata(given), seed };
  const schedule = parts.schedule ?? readSchedule(given);
  // Before anything is read or asked for: flags are checked first.
  const probe = schedule ?? { kind: "replay", atMs: [], speed: readSpeed(given) };
  const generator = readGenerator(given, { schedule: probe, isHttp });
  const load =
    schedule === undefined
      ? await replayed(given, destination)
      : { schedule, workload: await readWorkload(given, destination, terminal) };
  return { ...generator, ...load, targets, ...(tls && { tls }) };
}

async function replayed(
  given: Given,
  { isHttp, metadata }: Destination,
): Promise<{ readonly schedule: Schedule; readonly workload: Workload }> {
  const others = workloadFlags.filter(given.has);
  if (others.length > 0 || isHttp) {
    const names = [...others.map(({ name }) => name), ...(isHttp ? [httpFlag.name] : [])];
    throw wrong(`${names.join(", ")}: recorded traffic says what is called, over gRPC`);
  }
  const { schedule, workload } = await readRecording(given.value(replayFlag)!);
  return {
    schedule: { ...schedule, speed: readSpeed(given) },
    workload: { ...workload, metadata: { ...workload.metadata, ...metadata } },
  };
}
