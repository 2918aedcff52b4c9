import { rm } from "node:fs/promises";
import { openEngine } from "../../backends/engines/open-engine.ts";
import type { ExportOptions } from "../../models/exporting/export-options.ts";
import { createProgressBar } from "../progress-bar.ts";
import { makeWorkplaceFolder } from "./workplace-folder.ts";

export interface ExportParts {
  readonly signal: AbortSignal;
  /** Takes lines for people. */
  readonly say: (line: string) => void;
}

/** Gives an export an engine, somebody to tell, and a folder for its parts, which goes away at the end. */
export async function withWorkplace<Result>(
  { signal, say }: ExportParts,
  work: (options: ExportOptions) => Promise<Result>,
): Promise<Result> {
  const dir = await makeWorkplaceFolder();
  try {
    return await work({
      dir,
      open: (graph) => openEngine({ provider: "cpu", graph, lowPriorityLoad: false }),
      log: say,
      watch: (task) => createProgressBar(task, process.stderr),
      signal,
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
