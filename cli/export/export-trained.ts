import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine } from "../../backends/engines/open-engine.ts";
import type { Manifest, Variant } from "../../models/bundle/manifest.ts";
import { writeBundle, type BundleDraft, type NewPart } from "../../models/bundle/write-bundle.ts";
import { buildCatalogue, buildIdIndex } from "../../models/catalogue/build-index.ts";
import { idProblem, type IdType } from "../../models/catalogue/id-rules.ts";
import {
  exportSequence,
  type SequenceExport,
} from "../../models/sequence/export/export-sequence.ts";
import { toProbes } from "../../models/sequence/export/to-probes.ts";
import { toWeights } from "../../models/sequence/export/to-weights.ts";
import { readTrained, type Trained } from "../../models/sequence/export/trained/read-trained.ts";
import { sequenceParts } from "../../models/sequence/parts.ts";
import { createProgressBar } from "../progress-bar.ts";
import type { SequenceConfig } from "./sequence-settings.ts";

export interface ExportParts {
  readonly signal: AbortSignal;
  /** Takes lines for people. */
  readonly say: (line: string) => void;
}

/** Reads, measures and writes; says how it goes. Rejects before it writes when anything is wrong by then. */
export async function exportTrained(config: SequenceConfig, parts: ExportParts): Promise<void> {
  const { trained: dir = "", output, model = "", version = "", variants, probes } = config;
  const { signal, say } = parts;
  const target = join(output, model, version);
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
    const draft = draftOf(exported, trained, { model, version, idType });
    const { manifest } = await writeBundle(target, draft);
    say(`wrote ${target}\n${sizes(manifest)}`);
  } finally {
    await rm(partsDir, { recursive: true, force: true });
  }
}

async function refuseExisting(target: string): Promise<void> {
  const found = await stat(target).catch(() => undefined);
  if (found === undefined) return;
  throw new Error(`${target} is there, and bundles never change: choose another version`);
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

function draftOf(
  { parts, variants, settings }: SequenceExport,
  { items, userIds }: Trained,
  { model, version, idType }: { model: string; version: string; idType: IdType },
): BundleDraft {
  const idPart = (file: string, { buffer }: { buffer: SharedArrayBuffer }): NewPart => ({
    file,
    version,
    content: new Uint8Array(buffer),
  });
  return {
    model,
    version,
    family: "sequence",
    idType,
    created: new Date().toISOString(),
    settings,
    parts: {
      ...parts,
      [sequenceParts.items]: idPart("items.ids", buildCatalogue(items, { idType })),
      ...(settings.userDims > 0 && {
        [sequenceParts.users]: idPart("users.ids", buildIdIndex(userIds, { idType })),
      }),
    },
    variants,
  };
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
  return `${(bytes / 1e6).toFixed(2)} MB, ${((100 * bytes) / whole).toFixed(0)}%`.padStart(14);
}
