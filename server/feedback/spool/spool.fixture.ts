import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SinkPlace } from "../feedback-sink.contract.ts";
import type { FeedbackSource } from "../feedback-sink.ts";
import { openSpoolSource } from "./read-spool.ts";
import { openSpool, type SpoolOptions } from "./spool.ts";

export interface SpoolPlace extends SinkPlace {
  readonly dir: string;
  openSource(): FeedbackSource;
}

/** A folder of its own. */
export async function openSpoolPlace(options: Partial<SpoolOptions> = {}): Promise<SpoolPlace> {
  const dir = await mkdtemp(join(tmpdir(), "crossfade-spool-"));
  return {
    dir,
    open: () => openSpool({ dir, syncMs: 0, ...options }),
    openSource: () => openSpoolSource(dir),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}
