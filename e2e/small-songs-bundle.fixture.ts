import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VariantName } from "../models/bundle/manifest.ts";
import { exportTrainedColdStart } from "../cli/export/export-trained-cold-start.ts";
import {
  randomTrained,
  writeTrained,
} from "../models/cold-start/export/trained/write-trained.fixture.ts";

export const songCount = 90;

/**
 * A cold-start model of which nothing was trained, with songs t0…, exported as `crossfade export cold-start` does it. Its
 * catalogue ends with two recordings of one song, the first of which is more popular.
 *
 * @param output A folder of models; the model is `songs`.
 */
export async function buildSmallSongsBundle(
  output: string,
  variants: readonly VariantName[] = ["fp32"],
): Promise<void> {
  const trained = await mkdtemp(join(tmpdir(), "crossfade-trained-"));
  try {
    const { files } = randomTrained({ items: songCount });
    const lines = String(files.items).trimEnd().split("\n").slice(0, -2);
    const twice = [
      `t${songCount - 2}\t9\tSo What\tMiles Davis\n`,
      `t${songCount - 1}\t4\tSo What (Live)\tMiles Davis\n`,
    ];
    await writeTrained(trained, {
      files: { ...files, items: `${lines.join("\n")}\n${twice.join("")}` },
    });
    const out = join(output, "songs", "1");
    const { signal } = new AbortController();
    await exportTrainedColdStart(
      { trained, out, variants, probes: 1_000, idType: "auto" },
      { signal, say: () => {} },
    );
  } finally {
    await rm(trained, { recursive: true });
  }
}
