import type { Machine } from "./machine.ts";
import type { Finding } from "./probe.ts";
import type { Survey } from "./survey.ts";

/** The survey as text for a terminal. */
export function surveyTable(survey: Survey): string {
  const machine: readonly Line[] = [
    ["node", survey.nodeIsSupported ? survey.node : `${survey.node}; 20.20 or newer is needed`],
    ["platform", survey.platform],
    ["processor", survey.processor],
    ["int8", int8Line(survey.instructionSet)],
    ["cpus", cpuLine(survey.machine)],
    ["memory", size(survey.machine.memoryBytes)],
    ["loading", loadingLine(survey.lowPriorityLoads)],
    ["plan", planLine(survey)],
  ];
  const providers = survey.providers.map(({ provider, finding }): Line => [
    provider,
    findingLine(finding),
  ]);
  return `${columns(machine)}\n\n${columns(providers)}\n`;
}

type Line = readonly [name: string, text: string];

function columns(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(([name]) => name.length)) + 2;
  return lines.map(([name, text]) => name.padEnd(width) + text).join("\n");
}

/** These multiply and add four pairs of bytes at a time; others do not do it faster than floats. */
const fastForInt8 = ["amx-int8", "avx512-vnni", "avx-vnni", "neon-i8mm", "neon-dotprod"];

function int8Line(instructionSet: string): string {
  return fastForInt8.includes(instructionSet)
    ? `fast (${instructionSet})`
    : `no instructions for it (${instructionSet}): qint8 variants may be no faster than fp32`;
}

function cpuLine({ cpus, cpuQuota }: Machine): string {
  return cpuQuota === undefined
    ? `${cpus}`
    : `${cpus}, limited to ${cpuQuota} by the control group`;
}

function loadingLine(lowPriority: boolean): string {
  return lowPriority
    ? "at low priority, beside a model that serves"
    : "at normal priority, which slows a model that serves; give the process CAP_SYS_NICE";
}

function planLine({ plan, planBytes }: Survey): string {
  const { workers, intraOpThreads, limitedBy, fits } = plan;
  const text = `${workers} x ${intraOpThreads} threads for a model of ${size(planBytes)}, limited by ${limitedBy}`;
  return fits ? text : `${text}; not enough memory to load a new version beside the old`;
}

function findingLine(finding: Finding): string {
  if (!finding.works) return `no: ${finding.why}`;
  return `works: opens in ${Math.round(finding.openMs)} ms, first run ${finding.firstRunMs.toFixed(1)} ms`;
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
