import { formatBytes, formatDuration, formatMs } from "../../../display/figures.ts";
import type { RunResult } from "../../run-result.ts";
import { html, type Html, type HtmlValue } from "../../../display/html.ts";
import { table } from "../../../display/table.ts";

/** Enough to run it again. */
export function setupSection({ about, counts, generator, startedAtMs }: RunResult): Html {
  const facts: readonly (readonly [string, HtmlValue])[] = [
    ["Method", html`<code>${about.method}</code>`],
    ["Targets", about.targets.map((target) => html`<code>${target}</code> `)],
    ["Workload", about.workload],
    ["Transport", about.transport === "grpc" ? "gRPC" : "HTTP"],
    ["Schedule", about.schedule],
    ["Loop", about.loop === "closed" ? "closed, send-based" : "open"],
    ["Seed", String(about.seed)],
    ["Warm-up", formatDuration(about.warmUpMs)],
    ["Deadline", formatDuration(about.deadlineMs)],
    ["Connections", `${about.connections}, up to ${about.streamsPerConnection} calls on each`],
    ["Workers", about.workers === 1 ? "1 thread" : `${about.workers} threads`],
    ["Sent, received", `${formatBytes(counts.sentBytes)}, ${formatBytes(counts.receivedBytes)}`],
    ["Started", new Date(startedAtMs).toISOString()],
    ["Machine", about.machine],
    ["Versions", about.versions],
  ];
  return html`<section id="setup">
    <h2>Setup</h2>
    <p class="lead">Enough to run it again.</p>
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${generator.generators.length > 1 && generators(generator.generators)}
  </section>`;
}

function generators(all: RunResult["generator"]["generators"]): Html {
  const rows = all.map(({ name, machine, clockAheadMs, clockErrorMs }) => [
    name,
    machine,
    formatMs(clockAheadMs),
    `± ${formatMs(clockErrorMs)}`,
  ]);
  return html`<p></p>
    ${table(
      "Generators",
      [
        { head: "Generator" },
        { head: "Machine", kind: "wide" },
        { head: "Clock ahead", kind: "num" },
        { head: "", kind: "num" },
      ],
      rows,
    )}`;
}
