import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportTrainedSequence } from "../cli/export/export-trained-sequence.ts";
import type { VariantName } from "../models/bundle/manifest.ts";
import {
  randomTrained,
  writeTrained,
} from "../models/sequence/export/trained/write-trained.fixture.ts";

export const sequenceItems = 300;
export const sequenceUsers = 80;
/** Of what goes into the model; histories may be longer. */
export const longestSequence = 40;

export interface SmallSequenceBundle {
  /** A folder of models. */
  readonly output: string;
  readonly variants: readonly VariantName[];
}

/** A sequence model of which nothing was trained, items m0… and users u0…, exported as `crossfade export sequence` does it. */
export async function buildSmallSequenceBundle({
  output,
  variants,
}: SmallSequenceBundle): Promise<void> {
  const trained = await mkdtemp(join(tmpdir(), "crossfade-trained-"));
  try {
    const sizes = { items: sequenceItems, users: sequenceUsers };
    const architecture = { maxLength: longestSequence };
    await writeTrained(trained, randomTrained({ ...sizes, architecture }));
    const out = join(output, "playlists", "1");
    const { signal } = new AbortController();
    await exportTrainedSequence(
      { trained, out, variants, probes: 1_000, idType: "auto" },
      { signal, say: () => {} },
    );
  } finally {
    await rm(trained, { recursive: true });
  }
}
