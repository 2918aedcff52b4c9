import { describeSchedule } from "../pace/describe-schedule.ts";
import type { RunPlan } from "../run-plan.ts";
import type { EarlyEnd, GeneratorHealth, RunResult, RunSummary } from "../run-result.ts";
import { describeVersions } from "./machine.ts";
import { ratesOf } from "./rates.ts";
import { joinParts } from "./record/join-parts.ts";
import type { RunPart } from "./record/run-part.ts";
import type { RunReport } from "./run-report.ts";
import { judge } from "./validity.ts";

/** What all generators found together, and whether it proves anything. */
export function resultOf(plan: RunPlan, reports: readonly RunReport[]): RunResult {
  const part = joinParts(reports.map((report) => report.part));
  const ended = endOf(reports);
  const stopped = reports.flatMap(({ stoppedMs }) => stoppedMs ?? []);
  const stoppedMs = stopped.length === 0 ? {} : { stoppedMs: Math.max(...stopped) };
  const { tookMs, ...rates } = ratesOf(part, { schedule: plan.schedule, ...stoppedMs });
  const { counts, lastLeftMs: _, lastEndedMs: __, warmUp, ...found } = part;
  const figures = {
    name: plan.name,
    about: summaryOf(plan, reports),
    startedAtMs: Math.min(...reports.map(({ startedAtMs }) => startedAtMs)),
    tookMs,
    ...(ended && { ended }),
    ...found,
    counts: { ...counts, ...rates },
    generator: healthOf(part, reports),
  };
  return { ...figures, ...judge(figures, warmUp) };
}

/** Whoever was lost or fell silent is the reason why the others were interrupted. */
function endOf(reports: readonly RunReport[]): EarlyEnd | undefined {
  const ends = reports.flatMap(({ ended }) => ended ?? []);
  return ends.find(({ by }) => by !== "interrupt") ?? ends[0];
}

function summaryOf(plan: RunPlan, reports: readonly RunReport[]): RunSummary {
  const { workload, schedule } = plan;
  const { call } = workload;
  return {
    targets: plan.targets,
    workload: workload.name,
    transport: call.transport,
    method: call.transport === "grpc" ? call.path : `${call.method} ${call.path}`,
    schedule: describeSchedule(schedule),
    loop: schedule.kind === "closed" ? "closed" : "open",
    seed: plan.seed,
    warmUpMs: plan.warmUpMs,
    connections: plan.connections,
    streamsPerConnection: plan.streamsPerConnection,
    workers: plan.workers * reports.length,
    deadlineMs: plan.deadlineMs,
    machine: Array.from(new Set(reports.map(({ generator }) => generator.machine))).join("; "),
    versions: describeVersions(),
  };
}

function healthOf({ counts, lag }: RunPart, reports: readonly RunReport[]): GeneratorHealth {
  const threads = reports.flatMap((report) => report.threads);
  const cpuMs = sum(
    reports.map((report) => Math.max(0, ...report.threads.map((own) => own.processCpuMs))),
  );
  const spunMs = sum(threads.map((thread) => thread.spunMs));
  return {
    cpuMs,
    cpuUsPerCall: counts.sent === 0 ? 0 : (1_000 * Math.max(0, cpuMs - spunMs)) / counts.sent,
    spunMs,
    loopDelayP99Ms: worst(threads.map((thread) => thread.loopDelayP99Ms)),
    loopDelayMaxMs: worst(threads.map((thread) => thread.loopDelayMaxMs)),
    busyShare: worst(threads.map(({ cpuMs, spunMs, tookMs }) => (cpuMs - spunMs) / tookMs)),
    starvedMs: sum(threads.map((thread) => thread.starvedMs)),
    lagP99Ms: lag.at(0.99),
    generators: reports.map(({ generator }) => generator),
  };
}

function worst(values: readonly number[]): number {
  return Math.max(0, ...values);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
