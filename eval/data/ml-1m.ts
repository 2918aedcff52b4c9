import { ServingError } from "../../proto/serving-error.ts";
import type { DataFile, DataFolder } from "./data-folder.ts";
import type { Case, SequenceData } from "./dataset.ts";
import { addTo, distinctItems, leaveLastOut } from "./leave-last-out.ts";
import { badLine, linesOf } from "./lines.ts";

const grouplens = "https://grouplens.org/datasets/movielens/1m/";
const sas: DataFile = {
  path: "ml-1m/ml-1m_sas.txt",
  from: "data/ml-1m.txt of SASRec's public code, made from " + grouplens,
};
const frozen: DataFile = {
  path: "ml-1m/eval_test_100neg_seed0.tsv",
  from: "100 negatives for each user, drawn once with seed 0",
};
const originals: DataFile = {
  path: "ml-1m/sas_to_original_items.txt",
  from: "the numbering of SASRec's public code",
};
const movies: DataFile = { path: "ml-1m/movies.dat", from: grouplens, encoding: "latin1" };

export const ml1mFiles: readonly DataFile[] = [sas, frozen, originals, movies];

/** MovieLens 1M as sequence models are compared on it: 6,040 users, 3,416 items, the last of each user is the test. */
export function readMl1m(folder: DataFolder): SequenceData {
  const sequences = new Map<string, string[]>();
  for (const line of linesOf(folder.read(sas), sas.path)) {
    const [user, item, ...rest] = line.text.split(" ");
    if (!user || !item || rest.length > 0) throw badLine(line, '"user item"');
    addTo(sequences, user, item);
  }
  const { cases, training } = leaveLastOut(sequences);
  return {
    kind: "sequences",
    name: "ml-1m",
    cases: withNegatives(cases, folder),
    training,
    items: distinctItems(sequences.values()),
    kinds: genres(folder),
    notes: ["The last item of each user is asked for; the model is sent what came before it."],
  };
}

function withNegatives(cases: readonly Case[], folder: DataFolder): readonly Case[] {
  const byUser = new Map(cases.map((one) => [one.user, one]));
  const [, ...lines] = linesOf(folder.read(frozen), frozen.path);
  return lines.map((line) => {
    const [user = "", target = "", negatives = ""] = line.text.split("\t");
    const found = byUser.get(user);
    if (found === undefined || negatives === "")
      throw badLine(
        line,
        "a user of ml-1m_sas.txt, the target and 100 negatives, with tabs between",
      );
    if (found.target !== target)
      throw new ServingError(
        "FAILED_PRECONDITION",
        `${line.place}: the target of user ${user} is ${target}, and ${found.target} in ${sas.path}: these files do not belong together`,
      );
    return { ...found, negatives: negatives.split(",") };
  });
}

function genres(folder: DataFolder): ReadonlyMap<string, readonly string[]> {
  const ofOriginal = new Map<string, readonly string[]>();
  for (const { text } of linesOf(folder.read(movies), movies.path)) {
    const [id = "", , kinds = ""] = text.split("::");
    ofOriginal.set(id, kinds.split("|"));
  }
  const ofItem = new Map<string, readonly string[]>();
  for (const { text } of linesOf(folder.read(originals), originals.path)) {
    const [id = "", original = ""] = text.split(" ");
    ofItem.set(id, ofOriginal.get(original) ?? []);
  }
  return ofItem;
}
