import type { GraphRunner } from "./graph-runner.ts";

/** How an export goes about its work, whatever the family. */
export interface ExportOptions {
  /** An empty folder for the parts' files; it is needed until the bundle is written. */
  readonly dir: string;
  readonly open: (graphFile: string) => Promise<GraphRunner>;
  /** With how many `open` opens: for the passport. Default 1. */
  readonly threads?: number;
  /** Takes lines of progress. Default: nobody does. */
  readonly log?: (line: string) => void;
  /** Shows how far one task is. Default: nobody looks. */
  readonly watch?: (task: string) => Progress;
  /** Aborted, the export rejects after the batch that runs. */
  readonly signal?: AbortSignal;
}

export interface Progress {
  /** @param share Done, from 0 to 1. */
  at(share: number): void;
  done(): void;
}
