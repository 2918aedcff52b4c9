import { stat } from "node:fs/promises";
import { refuseExisting } from "../../models/bundle/refuse-existing.ts";
import type { BprOptions, BprProgress } from "../../models/two-tower/train/bpr.ts";
import { bundleFolderOf } from "../bundle-folder.ts";
import { createProgressBar } from "../progress-bar.ts";
import { buildTwoTower } from "./build-two-tower.ts";
import { gatherChoices, type ChoiceCounts, type Choices } from "./gather-choices.ts";
import { readCatalogue, type Catalogue } from "./read-catalogue.ts";
import { toInteractions, type Trainable } from "./to-interactions.ts";
import type { TwoTowerConfig } from "./two-tower-settings.ts";

export interface TrainingParts {
  readonly signal: AbortSignal;
  /** Takes lines for people. */
  readonly say: (line: string) => void;
}

/** Reads, trains, exports and writes; says how it goes. Rejects before it trains when anything is wrong by then. */
export async function trainFromFiles(config: TwoTowerConfig, parts: TrainingParts): Promise<void> {
  const { signal, say } = parts;
  const { out = "" } = config;
  const { model, version } = bundleFolderOf(out);
  await refuseExisting(out);
  const { catalogue, choices } = await readFiles(config);
  say(describe(choices.counts, catalogue));
  refuseStrangers(choices.counts);
  signal.throwIfAborted();
  const data = toInteractions(choices, catalogue.items.length, config.seed);
  const { manifest } = await buildTwoTower(
    out,
    { ...data, items: catalogue.items },
    {
      model,
      version,
      idType: catalogue.idType,
      holdOut: { warm: config.warmProbes, cold: config.coldProbes, seed: config.seed },
      log: say,
      training: { ...trainingOf(config, data), signal },
    },
  );
  say(
    `wrote ${out}: ${manifest.model} ${manifest.version}, ${Object.keys(manifest.variants).join(" and ")}`,
  );
}

interface Files {
  readonly catalogue: Catalogue;
  readonly choices: Choices;
}

async function readFiles(config: TwoTowerConfig): Promise<Files> {
  const { interactions, catalogue: items = "", feedback, idType } = config;
  const paths = [items, interactions, feedback].filter((path) => path !== undefined);
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const bar = createProgressBar(`Reading ${paths.join(", ")}`, process.stderr);
  const done = new Map<string, number>();
  const onProgress = (path: string, bytes: number) => {
    done.set(path, bytes);
    bar.at([...done.values()].reduce((sum, one) => sum + one, 0) / total);
  };
  const catalogue = await readCatalogue(items, idType, (bytes) => onProgress(items, bytes));
  const choices = await gatherChoices({ interactions, feedback }, { ...catalogue, onProgress });
  bar.done();
  return { catalogue, choices };
}

function describe({ interactions, feedback, unknown }: ChoiceCounts, { items }: Catalogue): string {
  const strangers = unknown === 0 ? "" : `; ${unknown} of items that are not in the catalogue`;
  return `${items.length} items, ${interactions} interactions, ${feedback} rows of feedback${strangers}`;
}

/** Some items go out of a catalogue; most of them never do at once. */
function refuseStrangers({ interactions, feedback, unknown }: ChoiceCounts): void {
  const rows = interactions + feedback;
  if (unknown * 2 <= rows) return;
  throw new Error(
    `${unknown} of ${rows} choices are of items that the catalogue does not have: is it the right one?`,
  );
}

function trainingOf(config: TwoTowerConfig, { passedOver, interactions }: Trainable): BprOptions {
  const { dims, epochs, learningRate, regularization, passedShare, seed, threads } = config;
  const { users, chosen } = interactions;
  const bar = createProgressBar(
    `Training on ${chosen.length} choices of ${users} users`,
    process.stderr,
  );
  const onProgress = ({ done, total }: BprProgress) =>
    done < total ? bar.at(done / total) : bar.done();
  return {
    dims,
    epochs,
    learningRate,
    regularization,
    passedOver,
    passedShare,
    seed,
    threads,
    onProgress,
  };
}
