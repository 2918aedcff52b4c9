import type { Flag, Given } from "../../arguments/flag.ts";
import { parsePercentage, readCount } from "../../arguments/read-numbers.ts";
import { readTime } from "../../arguments/read-time.ts";
import { wrong } from "../../arguments/wrong.ts";
import type { RunPlan } from "../../../loadtest/run-plan.ts";
import type { Schedule } from "../../../loadtest/schedule.ts";
import { parseDuration } from "../../../router/rollout/duration-text.ts";

const name: Flag = { name: "--name", value: "TEXT", help: "what reports call the run" };
const warmUp: Flag = {
  name: "--warm-up",
  value: "TIME",
  help: "the same load before anything is counted (default 2s)",
};
const connections: Flag = {
  name: "--connections",
  short: "-c",
  value: "N",
  help: "of all workers together (default 4; of HTTP 64)",
};
const streams: Flag = {
  name: "--streams",
  value: "N",
  help: "most calls in flight on one gRPC connection (default 100); what is due beyond waits, and its waiting counts",
};
const workers: Flag = {
  name: "--workers",
  short: "-w",
  value: "N",
  help: "threads that send (default 1)",
};
export const deadlineFlag: Flag = {
  name: "--deadline",
  value: "TIME",
  help: "of each call, from when it is to leave (default 5s)",
};
const cancel: Flag = {
  name: "--cancel",
  value: "SHARE@TIME",
  help: "callers who do not wait, e.g. 1%@5ms: of 100 calls one is cancelled 5 ms after it left",
};
export const seedFlag: Flag = {
  name: "--seed",
  value: "N",
  help: "of users, distances and cancels: the same seed sends the same (default 1)",
};

export const generatorFlags = [
  connections,
  streams,
  workers,
  deadlineFlag,
  warmUp,
  cancel,
  seedFlag,
  name,
] as const;

/** Everything of a plan but what is called, where and when. */
export type GeneratorSettings = Omit<RunPlan, "targets" | "tls" | "workload" | "schedule">;

export function readSeed(given: Given): number {
  return readCount(given, seedFlag, [-(2 ** 31), 2 ** 32]) ?? 1;
}

export interface Load {
  readonly schedule: Schedule;
  readonly isHttp: boolean;
}

export function readGenerator(given: Given, load: Load): GeneratorSettings {
  const cancels = readCancels(given);
  return {
    name: given.value(name) ?? "load test",
    seed: readSeed(given),
    warmUpMs: readMs(given, warmUp, 2_000),
    deadlineMs: readMs(given, deadlineFlag, 5_000),
    workers: readCount(given, workers, [1, 256]) ?? 1,
    ...readLines(given, load),
    ...(cancels && { cancels }),
  };
}

/** Also 0, which is no time to `readTime`. */
function readMs(given: Given, flag: Flag, standard: number): number {
  const isNone = /^0(ms|s|m)?$/.test(given.value(flag) ?? "");
  return isNone ? 0 : (readTime(given, flag) ?? standard);
}

/** A closed loop opens no more than it has callers. */
function readLines(given: Given, { schedule, isHttp }: Load) {
  if (isHttp && given.has(streams))
    throw wrong("--streams goes with gRPC: HTTP/1.1 carries one call at a time; say --connections");
  const callers = schedule.kind === "closed" ? schedule.streams : undefined;
  const ownConnections = readCount(given, connections, [1, 10_000]);
  const ownStreams = readCount(given, streams, [1, 10_000]);
  const count = ownConnections ?? (isHttp ? (callers ?? 64) : Math.min(callers ?? 4, 4));
  const needed = callers === undefined ? 100 : Math.ceil(callers / count);
  return { connections: count, streamsPerConnection: isHttp ? 1 : (ownStreams ?? needed) };
}

function readCancels(given: Given): RunPlan["cancels"] {
  const text = given.value(cancel);
  if (text === undefined) return undefined;
  const [share = "", time = ""] = text.split("@");
  const [basisPoints, afterMs] = [parsePercentage(share), parseDuration(time)];
  if (basisPoints !== undefined && afterMs !== undefined) return { basisPoints, afterMs };
  throw wrong(`--cancel is "${text}"; it must be like 1%@5ms`);
}
