import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { readLines } from "../../../server/read-lines.ts";

export interface Exported {
  /** How often each event id is there. */
  readonly counts: ReadonlyMap<string, number>;
  /** What the export says of itself. */
  readonly said: string;
  readonly tookMs: number;
}

/** What `crossfade feedback export` makes of what was kept. */
export async function countExported(dir: string, place: string, root: string): Promise<Exported> {
  const out = join(root, "rows.jsonl");
  const startedMs = performance.now();
  const flags = ["--from", place, "--since", "1d", "--out", out];
  const command = [join(dir, "cli", "crossfade.js"), "feedback", "export", ...flags];
  const { stderr } = await promisify(execFile)(process.execPath, command);
  const tookMs = performance.now() - startedMs;
  const counts = new Map<string, number>();
  for await (const { text = "" } of readLines(out, { lastLine: "whole" })) {
    const { event_id: id } = JSON.parse(text) as { readonly event_id: string };
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  await rm(out);
  return { counts, said: stderr.trim().split("\n").at(-1) ?? "", tookMs };
}
