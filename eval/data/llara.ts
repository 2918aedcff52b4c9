import type { DataFile, DataFolder } from "./data-folder.ts";
import type { Case, SequenceData } from "./dataset.ts";
import { badLine, linesOf, type Line } from "./lines.ts";

export interface LlaraFolder {
  readonly name: string;
  readonly folder: string;
  readonly train: string;
  /** Items are 0 … padding - 1; what stands for no item. */
  readonly padding: number;
  readonly note?: string;
}

export const llaraFolders: readonly LlaraFolder[] = [
  { name: "llara-lastfm", folder: "lastfm", train: "train_data.df.jsonl", padding: 4_606 },
  {
    name: "llara-steam",
    folder: "steam",
    train: "train_data.df1000.jsonl",
    padding: 3_581,
    note: "Only 1,000 rows of training are in this data: popularity and co-occurrence know little.",
  },
  {
    name: "llara-movielens",
    folder: "movielens",
    train: "train_data.df100.jsonl",
    padding: 1_682,
    note: "Only 100 rows of training are in this data: popularity and co-occurrence know little.",
  },
];

const from = "data/ref of LLaRA's public code";

export function llaraFiles({
  folder,
  train,
}: LlaraFolder): readonly [test: DataFile, train: DataFile] {
  return [
    { path: `llara/${folder}/Test_data.df.jsonl`, from },
    { path: `llara/${folder}/${train}`, from },
  ];
}

/** Sequences of up to ten, of nobody in particular, and what came next. */
export function readLlara(folder: DataFolder, which: LlaraFolder): SequenceData {
  const [test, train] = llaraFiles(which);
  const cases = casesOf(folder, test, which);
  return {
    kind: "sequences",
    name: which.name,
    cases,
    training: joined(casesOf(folder, train, which)),
    items: Array.from({ length: which.padding }, (_, item) => String(item)),
    notes: [
      "The data does not say who the users are: all are anonymous.",
      ...(which.note === undefined ? [] : [which.note]),
    ],
  };
}

/** Row after row brings the next item of one sequence, of which it shows the newest: each item counts once. */
function joined(rows: readonly Case[]): readonly (readonly string[])[] {
  const sequences: string[][] = [];
  for (const { sequence, target } of rows) {
    const last = sequences.at(-1) ?? [];
    const newest = last.slice(-sequence.length);
    const goesOn = sequence.length > 0 && newest.join() === sequence.join();
    if (goesOn) last.push(target);
    else sequences.push([...sequence, target]);
  }
  return sequences;
}

function casesOf(folder: DataFolder, file: DataFile, which: LlaraFolder): readonly Case[] {
  return Array.from(linesOf(folder.read(file), file.path), (line, place) =>
    caseOf(line, place, which),
  );
}

function caseOf(line: Line, place: number, { padding }: LlaraFolder): Case {
  const { seq, next } = parse(line) as { readonly seq?: unknown; readonly next?: unknown };
  const items = Array.isArray(seq) ? seq.map(itemOf) : [undefined];
  const target = itemOf(next);
  if (target === undefined || items.includes(undefined))
    throw badLine(line, '{"seq":[…],"next":…} with numbers');
  const sequence = items.filter((item) => item !== padding).map(String);
  return { place, user: "", sequence, target: String(target) };
}

/** With a rating beside it in the movies. */
function itemOf(value: unknown): number | undefined {
  const item: unknown = Array.isArray(value) ? value[0] : value;
  return typeof item === "number" ? item : undefined;
}

function parse(line: Line): object {
  try {
    return JSON.parse(line.text) as object;
  } catch {
    throw badLine(line, "JSON");
  }
}
