import type { DataFile, DataFolder } from "./data-folder.ts";
import type { SequenceData } from "./dataset.ts";
import { addTo, distinctItems, leaveLastOut } from "./leave-last-out.ts";
import { badLine, linesOf } from "./lines.ts";

const from = "https://grouplens.org/datasets/movielens/100k/, in RecBole's form";
const ratings: DataFile = { path: "ml-100k/ml-100k.inter", from };
const titles: DataFile = { path: "ml-100k/ml-100k.item", from };

export const ml100kFiles: readonly DataFile[] = [ratings, titles];

/** MovieLens 100K: 943 users, 1,682 items; in the order of their times, the last of each user is the test. */
export function readMl100k(folder: DataFolder): SequenceData {
  const [, ...lines] = linesOf(folder.read(ratings), ratings.path);
  const rows = lines.map((line) => {
    const [user, item, , time] = line.text.split("\t");
    if (!user || !item || !Number.isFinite(Number(time)))
      throw badLine(line, "user, item, rating and time, with tabs between");
    return { user, item, time: Number(time) };
  });
  const sequences = new Map<string, string[]>();
  for (const { user, item } of rows.toSorted((a, b) => a.time - b.time))
    addTo(sequences, user, item);
  const { cases, training } = leaveLastOut(sequences);
  return {
    kind: "sequences",
    name: "ml-100k",
    cases,
    training,
    items: distinctItems(sequences.values()),
    kinds: kindsOf(folder),
    notes: [
      "The last item of each user by time is asked for; ratings of one second stay in file order.",
    ],
  };
}

function kindsOf(folder: DataFolder): ReadonlyMap<string, readonly string[]> {
  const [, ...lines] = linesOf(folder.read(titles), titles.path);
  return new Map(
    lines.map(({ text }) => {
      const [id = "", , , kinds = ""] = text.split("\t");
      return [id, kinds.split(" ")];
    }),
  );
}
