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
}
