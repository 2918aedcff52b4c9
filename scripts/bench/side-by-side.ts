import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { markdownTable } from "../../loadtest/verdict/markdown-text.ts";
import { findGhz } from "./client/ghz.ts";
import { median } from "./interleaved.ts";
import { readFlags } from "./live/flags.ts";
import { watchMachine } from "./live/machine-load.ts";
import { ownCpuMs } from "./live/process-figures.ts";
import { conclude } from "./live/verdict.ts";
import { startTruthServer } from "./loadtest/truth-server.ts";
import type { TruthServerOrder } from "./loadtest/truth-server-process.ts";
import { ghzTool } from "./side-by-side/ghz-tool.ts";
import { ownTool } from "./side-by-side/own-tool.ts";
import type { Tool, ToolLoad, ToolReport } from "./side-by-side/tool.ts";

const about = `The same servers measured by crossfade loadtest and by ghz, each by its own account: one that answers at once, one that
takes 20 ms, and one that also stands still for 2 s every 5 s. Prints a Markdown table for docs/results/load-tools.md.`;

const flags = {
  rounds: { standard: 3, help: "tools take turns; figures are medians" },
  seconds: { standard: 10, help: "of a run" },
  rate: { standard: 500, help: "calls per second of the open loop" },
};

const serviceMs = 20;
const servers: Readonly<Record<string, TruthServerOrder>> = {
  "at once": { serviceMs: 0 },
  "20 ms": { serviceMs },
  "20 ms, stalls": { serviceMs, stall: { everyMs: 5_000, forMs: 2_000 } },
};
const callers = 64;
const connections = 4;
const quantiles = [0.5, 0.9, 0.99, 0.999, 1];

interface Row {
  readonly server: string;
  readonly load: string;
  readonly tool: string;
  readonly reports: readonly ToolReport[];
}

export async function run(args: string[]): Promise<void> {
  const options = readFlags(args, about, flags);
  if (options === undefined) return;
  const program = findGhz();
  if (program === undefined) {
    console.error("ghz is not installed, and there is no Go to build it with");
    process.exitCode = 2;
    return;
  }
  const scratch = await mkdtemp(join(tmpdir(), "crossfade-side-by-side-"));
  try {
    const place = { program, scratch };
    const tools = [ownTool, ghzTool(place, false), ghzTool(place, true)];
    const machine = watchMachine(ownCpuMs);
    const rows: Row[] = [];
    for (const [server, order] of Object.entries(servers))
      rows.push(...(await measure(server, order, { tools, ...options })));
    report(rows, options);
    console.log(`\n${machine.describe()}`);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

interface Measuring {
  readonly tools: readonly Tool[];
  readonly rounds: number;
  readonly seconds: number;
  readonly rate: number;
}

async function measure(
  name: string,
  order: TruthServerOrder,
  { tools, rounds, seconds, rate }: Measuring,
): Promise<Row[]> {
  await using server = await startTruthServer(order);
  const common = { address: server.address, callers, connections, forMs: 1_000 * seconds };
  const loads: Readonly<Record<string, ToolLoad>> = {
    [`open, ${rate}/s`]: { ...common, perSecond: rate },
    [`closed, ${callers} callers`]: common,
  };
  const rows: Row[] = [];
  for (const [load, asked] of Object.entries(loads)) {
    const reports = new Map<Tool, ToolReport[]>();
    for (let round = 0; round < rounds; round++) {
      for (const tool of tools) {
        const told = await tool.run(asked);
        // What it notes of each call is not for here, and would pile up.
        await server.answered();
        if (told !== undefined) reports.set(tool, [...(reports.get(tool) ?? []), told]);
      }
    }
    for (const [tool, own] of reports)
      rows.push({ server: name, load, tool: tool.name, reports: own });
  }
  return rows;
}

function report(rows: readonly Row[], options: Readonly<Record<string, number>>): void {
  const heads = ["server", "load", "tool", "calls/s", "p50", "p90", "p99", "p99.9", "max", ""];
  const cells = rows.map(({ server, load, tool, reports }) => [
    server,
    load,
    tool,
    median(reports.map(({ perSecond }) => perSecond)).toFixed(0),
    ...quantiles.map((share) => median(reports.map(({ at }) => at(share))).toFixed(2)),
    noteOf(reports),
  ]);
  console.log(markdownTable([heads, ...cells], "lllrrrrrrl"));
  console.log("\nTimes in ms.");
  conclude({
    bench: "side-by-side",
    figures: { ...options, rows: cells },
    floors: {},
    limits: {},
    missed: [],
    invalid: rows
      .filter(({ reports }) => reports.every(({ invalid }) => invalid !== undefined))
      .map((row) => `${row.server}, ${row.load}: ${row.reports[0]!.invalid}`),
  });
}

function noteOf(reports: readonly ToolReport[]): string {
  const invalid = reports.filter((one) => one.invalid !== undefined).length;
  const failed = reports.reduce((sum, one) => sum + one.failed, 0);
  return [
    ...(invalid > 0 ? [`${invalid} of ${reports.length} runs invalid by its own account`] : []),
    ...(failed > 0 ? [`${failed} calls failed`] : []),
  ].join(", ");
}
