import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine } from "../../backends/engines/open-engine.ts";
import type { Manifest, Variant } from "../../models/bundle/manifest.ts";
import { refuseExisting } from "../../models/bundle/refuse-existing.ts";
import { writeBundle } from "../../models/bundle/write-bundle.ts";
import { idProblem, type IdType } from "../../models/catalogue/id-rules.ts";
import { draftBundle } from "../../models/exporting/draft-bundle.ts";
import { exportSequence } from "../../models/sequence/export/export-sequence.ts";
import { toProbes } from "../../models/sequence/export/to-probes.ts";
import { toWeights } from "../../models/sequence/export/to-weights.ts";
import { readTrained, type Trained } from "../../models/sequence/export/trained/read-trained.ts";
import { sequenceParts } from "../../models/sequence/parts.ts";
import { bundleFolderOf } from "../bundle-folder.ts";
import { createProgressBar } from "../progress-bar.ts";
import type { SequenceConfig } from "./sequence-settings.ts";

export interface ExportParts {
  readonly signal: AbortSignal;
  /** Takes lines for people. */
  readonly say: (line: string) => void;
}

/** Reads, measures and writes; says how it goes. Rejects before it writes when anything is wrong by then. */
export async function exportTrained(config: SequenceConfig, parts: ExportParts): Promise<void> {
  const { trained: dir = "", out = "", variants, probes } = config;
  const { dir: target, model, version } = bundleFolderOf(out);
  const { signal, say } = parts;
  await refuseExisting(target);
  const trained = await readTrained(dir);
  say(describe(trained));
  const idType = idTypeOf(trained, config.idType);
  const weights = toWeights(trained);
  const partsDir = await mkdtemp(join(tmpdir(), "crossfade-export-"));
  try {
    const exported = await exportSequence(
      {
        weights,
        popularity: Float32Array.from(trained.items, ({ count }) => count),
        probes: toProbes(trained.heldOut, weights, probes),
        version,
      },
      {
        dir: partsDir,
        variants,
        open: (graph) => openEngine({ provider: "cpu", graph, lowPriorityLoad: false }),
        log: say,
        watch: (task) => createProgressBar(task, process.stderr),
        signal,
      },
    );
    signal.throwIfAborted();
    const userIds = exported.settings.userDims > 0 ? trained.userIds : undefined;
    const draft = draftBundle(
      exported,
      { items: trained.items, userIds },
      { model, version, family: "sequence", idType },
    );
    const { manifest } = await writeBundle(target, draft);
    say(`wrote ${target}\n${sizes(manifest)}`);
  } finally {
    await rm(partsDir, { recursive: true, force: true });
  }
}

function describe({ architecture, items, userIds, heldOut }: Trained): string {
  const { itemDims, userDims, maxLength, blocks } = architecture;
  const users =
    userDims > 0 ? `, ${userIds.length} users of ${userDims} dimensions` : ", without users";
  return `${items.length} items of ${itemDims} dimensions${users}; ${blocks} blocks, the last ${maxLength} items of a sequence; ${heldOut.length} held out`;
}

/** "int" where every id is a number; asked for, ids that are none are an error. */
function idTypeOf({ items, userIds }: Trained, wanted: IdType | "auto"): IdType {
  if (wanted === "string") return wanted;
  const ids = [...items.map(({ id }) => id), ...userIds];
  const other = ids.find((id) => idProblem(id, "int") !== undefined);
  if (other === undefined) return "int";
  if (wanted === "auto") return "string";
  throw new Error(`--id-type is int, and ${JSON.stringify(other)} is no number`);
}

/** What each form takes on a disk, and how much of fp32's that is; then the same without ids and titles, which are as they are. */
function sizes({ parts, variants }: Manifest): string {
  const ofIds = (variant: Variant) =>
    idParts
      .filter((part) => variant.parts.includes(part))
      .reduce((sum, part) => sum + parts[part]!.bytes, 0);
  const [whole, wholeOfIds] = [variants.fp32!.passport.bytes, ofIds(variants.fp32!)];
  return Object.entries(variants)
    .map(([name, variant]) => {
      const { bytes } = variant.passport;
      const rest = share(bytes - ofIds(variant), whole - wholeOfIds);
      return `  ${name.padEnd(5)}  ${share(bytes, whole)}; without ids and titles ${rest}`;
    })
    .join("\n");
}

const idParts: readonly string[] = [sequenceParts.items, sequenceParts.users];

function share(bytes: number, whole: number): string {
  const [size, percent] = [(bytes / 1e6).toFixed(2), ((100 * bytes) / whole).toFixed(0)];
  return `${size.padStart(7)} MB, ${percent.padStart(3)}%`;
}
