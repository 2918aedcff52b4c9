import { storeUrlMisfit } from "../../server/config/store-url.ts";
import { feedbackAccess, feedbackPlace } from "../../server/feedback/feedback-settings.ts";
import { feedbackPassword } from "../../server/feedback/stream/stream-settings.ts";
import { openFeedbackSource } from "../../server/feedback/open-source.ts";
import type { Schema } from "../../server/config/schema.ts";
import { bytes, optional, path, set } from "../../server/config/setting.ts";
import { renderFlags } from "../../server/config/render-help.ts";
import type { Command } from "../command.ts";
import { createProgressBar } from "../progress-bar.ts";
import { readFlags } from "../read-flags.ts";
import { exportRows, type ExportSummary } from "./export-rows.ts";
import { timeKind } from "./time-kind.ts";
import { writeAside } from "./write-aside.ts";

const monthMs = 30 * 86_400_000;

function settingsAt(nowMs: number) {
  const time = timeKind(nowMs);
  return {
    from: optional(
      feedbackPlace,
      "where feedback is kept, as serve and route say it in --feedback",
    ),
    passwordFile: feedbackAccess.feedbackPasswordFile,
    tlsAuthority: feedbackAccess.feedbackTlsAuthority,
    since: set(time, nowMs - monthMs, "only what happened since"),
    until: set(time, nowMs, "only what happened before"),
    out: optional(path, "file that is written, whole or not at all; - is standard output"),
    memory: set(
      bytes({ min: 2 ** 20, max: 2 ** 40 }),
      2 ** 29,
      "for event ids, 40 bytes each: when those of 24 hours need more, repeats further apart stay",
    ),
  };
}

type Settings = ReturnType<typeof settingsAt>;

function schemaAt(nowMs: number): Schema<Settings> {
  return {
    settings: settingsAt(nowMs),
    rulesBroken: ({ from, out, since, until }) => [
      ...(from === undefined ? ["nothing to export: give --from"] : []),
      ...[from?.includes("://") ? storeUrlMisfit(from, feedbackPassword) : undefined].filter(
        (one) => one !== undefined,
      ),
      ...(out === undefined ? ["nowhere to write to: give --out"] : []),
      ...(since >= until ? ["--since is not before --until"] : []),
    ],
  };
}

const command = "crossfade feedback export";

export const exportFeedback: Command = {
  summary: "writes the feedback of a time as rows to train on",
  help: () => `Writes feedback as rows for crossfade train two-tower, each event id of a user once within 24 hours.

  ${command} --from DIR --since 30d --out rows.jsonl

${renderFlags(settingsAt(Date.now()))}

A row is {"user":…,"liked":…,"others":[…],"time":…,"event_id":…}: the user chose one and passed over the others.
Feedback may go on coming meanwhile. Lines that are none, e.g. torn by a crash, are counted and passed over.
`,
  async run(args) {
    const config = readFlags(schemaAt(Date.now()), { command, args });
    if (config === undefined) return 2;
    const { from = "", out = "" } = config;
    try {
      await using source = await openFeedbackSource({
        feedback: from,
        feedbackPasswordFile: config.passwordFile,
        feedbackTlsAuthority: config.tlsAuthority,
      });
      const bar = createProgressBar(`Exporting feedback from ${source.name}`, process.stderr);
      const summary = await writeAside(out, (write) =>
        exportRows(source, {
          sinceMs: config.since,
          untilMs: config.until,
          memoryBytes: config.memory,
          write,
          onProgress: (share) => bar.at(share),
        }),
      );
      bar.done();
      process.stderr.write(describe(summary));
      return 0;
    } catch (error) {
      process.stderr.write(`${command}: ${messagesOf(error)}\n`);
      return 1;
    }
  },
};

function describe(summary: ExportSummary): string {
  const { rows, repeats, outside, bad, firstBad, forgotten } = summary;
  const lines = [
    `${rows} rows; ${repeats} repeats dropped, ${outside} events before or after`,
    ...(bad > 0 ? [`${bad} lines are no events, the first at ${firstBad}`] : []),
    ...(forgotten > 0
      ? [`${forgotten} ids did not fit: repeats may have stayed; a larger --memory drops them`]
      : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** Of what keeps feedback, callers are told less than whoever runs this needs. */
function messagesOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${messagesOf(error.cause)}`;
}
