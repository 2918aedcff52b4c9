import { basename } from "node:path";
import type { Case, SequenceData } from "./dataset.ts";
import { addTo, distinctItems, leaveLastOut, type Sequences } from "./leave-last-out.ts";
import { badLine, linesOf, type Line } from "./lines.ts";
import { isTable, readTable } from "./table.ts";

/**
 * A file of one's own, by what its first line is: JSON lines `{"user","sequence":[…],"target","negatives":[…]}`; a table
 * with the columns `user` and `item`; `user<TAB>item,item,…<TAB>target` (a trained folder's holdout.tsv); or `user item`.
 * Of the second and the last, each user's last item is the test.
 */
export function readCasesFile(text: string, path: string): SequenceData {
  const lines = [...linesOf(text, basename(path))];
  const [first] = lines;
  if (first === undefined) throw badLine({ place: path, text: "" }, "at least one line");
  return { kind: "sequences", name: basename(path), ...readerFor(first)(lines) };
}

function readerFor(first: Line): (lines: readonly Line[]) => Read {
  if (first.text.startsWith("{")) return (lines) => readCases(lines, readJson);
  if (isTable(first)) return (lines) => lastOut(readTable(lines));
  if (first.text.split("\t").includes("playlist"))
    throw badLine(first, "the columns user and item (of playlists, mpd-sample-1k alone is read)");
  if (first.text.includes("\t")) return (lines) => readCases(lines, readTabs);
  return (lines) => lastOut(readPairs(lines));
}

type Read = Pick<SequenceData, "cases" | "training" | "items" | "notes">;

function readCases(lines: readonly Line[], read: (line: Line) => Unplaced): Read {
  const cases = lines.map((line, place) => ({ place, ...read(line) }));
  const training = cases.map(({ sequence }) => sequence);
  return {
    cases,
    training,
    items: distinctItems([...training, ...cases.map(({ target }) => [target])]),
    notes: ["Baselines learn from the sequences of this file alone."],
  };
}

function readJson(line: Line): Unplaced {
  let value: Readonly<Record<string, unknown>>;
  try {
    value = JSON.parse(line.text) as typeof value;
  } catch {
    throw badLine(line, "JSON");
  }
  const { sequence, target, negatives } = value;
  const user = value["user"] ?? value["user_id"] ?? "";
  if (
    !isId(user) ||
    !isId(target) ||
    !isIds(sequence) ||
    !(negatives === undefined || isIds(negatives))
  )
    throw badLine(line, '{"user":…,"sequence":[…],"target":…}');
  return {
    user: String(user),
    sequence: sequence.map(String),
    target: String(target),
    ...(negatives !== undefined && { negatives: negatives.map(String) }),
  };
}

type Unplaced = Omit<Case, "place">;
type Id = string | number;
const isId = (value: unknown): value is Id =>
  typeof value === "string" || typeof value === "number";
const isIds = (value: unknown): value is Id[] => Array.isArray(value) && value.every(isId);

function readTabs(line: Line): Unplaced {
  const [user, sequence, target, ...rest] = line.text.split("\t");
  if (user === undefined || sequence === undefined || !target || rest.length > 0)
    throw badLine(line, "a user, items with commas between, and the target, with tabs between");
  return { user, sequence: sequence === "" ? [] : sequence.split(","), target };
}

function readPairs(lines: readonly Line[]): Sequences {
  const sequences = new Map<string, string[]>();
  for (const line of lines) {
    const [user, item, ...rest] = line.text.split(" ");
    if (!user || !item || rest.length > 0) throw badLine(line, '"user item"');
    addTo(sequences, user, item);
  }
  return sequences;
}

function lastOut(sequences: Sequences): Read {
  const { cases, training, tooShort } = leaveLastOut(sequences);
  const notes = [
    "The last item of each user is asked for.",
    ...(tooShort > 0 ? [`${tooShort} users with fewer than three items are not asked about.`] : []),
  ];
  return { cases, training, items: distinctItems(sequences.values()), notes };
}
