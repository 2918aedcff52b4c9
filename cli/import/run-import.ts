import { readFile, rm } from "node:fs/promises";
import { openEngine } from "../../backends/engines/open-engine.ts";
import { refuseExisting } from "../../models/bundle/refuse-existing.ts";
import { writeBundle } from "../../models/bundle/write-bundle.ts";
import { draftBundle } from "../../models/exporting/draft-bundle.ts";
import type { Probe } from "../../models/exporting/probe.ts";
import { importSequence } from "../../models/importing/import-sequence.ts";
import { describeModel } from "../../models/importing/describe-model.ts";
import { findItemTable } from "../../models/importing/inspect/find-item-table.ts";
import { readModel } from "../../models/importing/inspect/read-model.ts";
import { assertUserIds } from "../../models/importing/inspect/user-ids.ts";
import { makePlan } from "../../models/importing/make-plan.ts";
import type { Fact, ImportPlan } from "../../models/importing/plan.ts";
import { readModelFile } from "../../models/onnx/decode/read-model-file.ts";
import { createProgressBar } from "../progress-bar.ts";
import { columns } from "../arguments/help-columns.ts";
import type { BundleFolder } from "../bundle-folder.ts";
import { makeWorkplaceFolder } from "../export/workplace-folder.ts";
import type { ImportConfig } from "./read-import.ts";
import { readItems, type ItemFile } from "./read-items.ts";
import { rehearse } from "./rehearse.ts";
import { makeSamples, readSamples } from "./read-samples.ts";

export interface ImportParts {
  readonly signal: AbortSignal;
  /** Takes what was asked for. */
  readonly print: (text: string) => void;
  /** Takes lines for people. */
  readonly say: (line: string) => void;
}

/** Reads, tries, measures and writes; says how it goes. Rejects before it writes when anything is wrong by then. */
export async function runImport(config: ImportConfig, parts: ImportParts): Promise<void> {
  if (config.target !== undefined) await refuseExisting(config.target.dir);
  const file = await readModelFile(config.file);
  if (config.catalogue === undefined) {
    const facts = describeModel(readModel(file, config.said));
    return parts.print(understood(config.file, facts));
  }
  const catalogue = await readItems(config.catalogue, config.idType);
  const users = config.users === undefined ? undefined : await readUsers(config.users);
  const dir = await makeWorkplaceFolder();
  try {
    const request = { file, items: catalogue.items.length, said: config.said };
    const plan = await makePlan(request, {
      dir,
      open,
      rehearse: (rehearsal) => rehearse(rehearsal, parts),
    });
    parts.print(understood(config.file, plan.facts));
    assertUsers(plan, users);
    if (config.target === undefined) return;
    await write({ config, plan, catalogue, users, target: config.target, dir }, parts);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function open(graph: string) {
  return openEngine({ provider: "cpu", graph, lowPriorityLoad: false });
}

function understood(file: string, facts: readonly Fact[]): string {
  return `I understood of ${file}:\n${columns(facts)}\n`;
}

interface Writing {
  readonly config: ImportConfig;
  readonly plan: ImportPlan;
  readonly catalogue: ItemFile;
  readonly users: readonly string[] | undefined;
  readonly target: BundleFolder;
  readonly dir: string;
}

async function write(writing: Writing, { say, signal }: ImportParts): Promise<void> {
  const { config, plan, catalogue, users, target, dir } = writing;
  const probes = await probesFor(writing, say);
  const imported = await importSequence(
    {
      plan,
      popularity: Float32Array.from(catalogue.items, ({ count }) => count),
      probes,
      knowsUsers: users !== undefined,
      version: target.version,
    },
    {
      dir,
      open,
      variants: config.variants,
      allowBatchDependence: config.allowBatchDependence,
      log: say,
      watch: (task) => createProgressBar(task, process.stderr),
      signal,
    },
  );
  signal.throwIfAborted();
  const { model, version } = target;
  const draft = draftBundle(
    imported,
    { items: catalogue.items, userIds: users },
    { model, version, family: "sequence", idType: catalogue.idType },
  );
  const { manifest } = await writeBundle(target.dir, draft);
  say(
    `wrote ${target.dir}: ${target.model} ${target.version}, ${Object.keys(manifest.variants).join(", ")}`,
  );
}

async function probesFor(
  { config, plan, catalogue }: Writing,
  say: (line: string) => void,
): Promise<readonly Probe[]> {
  if (config.samples === undefined) {
    const probes = makeSamples(catalogue.items, plan.lengths.at(-1)!);
    say(`measuring on ${probes.length} made-up sequences; --samples FILE takes real ones`);
    return probes;
  }
  const { probes, unknown } = await readSamples(config.samples, catalogue.items);
  const left = unknown > 0 ? `, ${unknown} ids that the catalogue lacks left out` : "";
  say(`measuring on ${probes.length} sequences of ${config.samples}${left}`);
  return probes;
}

async function readUsers(path: string): Promise<readonly string[]> {
  const lines = (await readFile(path, "utf8")).split(/\r?\n/);
  return lines.filter((line) => line !== "");
}

function assertUsers(
  { inputs, read, serving }: ImportPlan,
  users: readonly string[] | undefined,
): void {
  if (inputs.user !== undefined) {
    const tableRows = findItemTable(read.index, inputs.user.name)?.rows;
    assertUserIds({ ...serving.user, users: users?.length ?? 0, tableRows });
  } else if (users !== undefined)
    throw new Error(
      "the model has no input for a user, so --users would change nothing; leave it out, or name the input with --user",
    );
}
