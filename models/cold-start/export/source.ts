import type { Catalogue } from "../../catalogue/catalogue.ts";
import type { ExportOptions } from "../../exporting/export-options.ts";
import type { PartsFolder } from "../../exporting/parts-folder.ts";
import type { Graph } from "../../onnx/graph.ts";
import type { TableForm } from "../../ranking/graph/tables.ts";
import type { DeclareTower } from "../graph/tower.ts";
import type { TextSettings } from "../settings.ts";
import type { TextTower } from "../tower.ts";
import type { ColdStartWeights } from "../weights.ts";
import type { Playlist } from "./playlists.ts";

/** What a training, or a bundle with more items, leaves for an export. */
export interface ColdStartSource {
  readonly weights: ColdStartWeights;
  readonly text: OpenText;
  readonly items: Catalogue;
  /** How often each item was chosen. */
  readonly popularity: Float32Array;
  /** To measure on. */
  readonly playlists: readonly Playlist[];
  /** Of the parts that come out. */
  readonly version: string;
}

/** Writes what a tower reads besides `weightFiles`. */
export type OpenText = (folder: PartsFolder, open: ExportOptions["open"]) => Promise<SourceText>;

/** How a model reads names: both sides of its tower. */
export interface SourceText {
  readonly tower: TextTower;
  readonly settings: TextSettings;
  /** That no graph reads, but the family. */
  readonly parts: readonly string[];
  /** Of the rows that run together. Default: memory and speed decide. */
  readonly largestBatch?: number;
  /** The bytes of a graph that is built around the tower. */
  encode(build: (tower: DeclareTower) => Graph, grams: TableForm): Uint8Array;
}
