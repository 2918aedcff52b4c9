import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { hit, ndcg } from "../metrics/rank-metrics.ts";
import { readCasesFile } from "./cases-file.ts";
import { missingData, openDataFolder } from "./data-folder.ts";
import type { PlaylistData, SequenceData } from "./dataset.ts";
import { readDataset } from "./datasets.ts";
import { llaraFiles, llaraFolders } from "./llara.ts";
import { linesOf } from "./lines.ts";
import { ml1mFiles } from "./ml-1m.ts";

const folder = mkdtempSync(join(tmpdir(), "crossfade-data-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** As if these files were the data. */
function read(name: string, files: Readonly<Record<string, string>>) {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const sources = { folder: openDataFolder({ CROSSFADE_DATA: folder }), readFile: () => "" };
  return readDataset(name, sources);
}

const ml1m = {
  "ml-1m/ml-1m_sas.txt": "1 1\n1 2\n1 3\n2 3\n2 1\n2 2\n",
  "ml-1m/eval_test_100neg_seed0.tsv":
    "user\ttarget\tnegatives_csv\tref\n2\t2\t4,4\t0\n1\t3\t5\t1\n",
  "ml-1m/sas_to_original_items.txt": "1 10\n2 20\n3 30\n",
  "ml-1m/movies.dat": "10::Amélie (2001)::Comedy|Romance\n20::Heat (1995)::Crime\n",
};

test("ml-1m: the last item is asked for, training knows neither it nor the one before", () => {
  const data = read("ml-1m", ml1m) as SequenceData;
  expect(data.cases).toEqual([
    { place: 1, user: "2", sequence: ["3", "1"], target: "2", negatives: ["4", "4"] },
    { place: 0, user: "1", sequence: ["1", "2"], target: "3", negatives: ["5"] },
  ]);
  expect(data.training).toEqual([["1"], ["3"]]);
  expect(data.kinds).toEqual(
    new Map([
      ["1", ["Comedy", "Romance"]],
      ["2", ["Crime"]],
      ["3", []],
    ]),
  );
});

test("ml-1m: files that do not belong together are no data", () => {
  const other = "user\ttarget\tnegatives_csv\n1\t2\t5\n";
  expect(() => read("ml-1m", { ...ml1m, "ml-1m/eval_test_100neg_seed0.tsv": other })).toThrow(
    "the target of user 1 is 2, and 3 in ml-1m/ml-1m_sas.txt",
  );
});

test("ml-100k: in the order of time", () => {
  const data = read("ml-100k", {
    "ml-100k/ml-100k.inter":
      "user_id\titem_id\trating\ttime\n7\ta\t5\t30\n7\tb\t1\t10\n7\tc\t3\t20\n",
    "ml-100k/ml-100k.item": "id\ttitle\tyear\tclass\na\tHeat\t1995\tCrime Drama\n",
  }) as SequenceData;
  expect(data.cases).toMatchObject([{ user: "7", sequence: ["b", "c"], target: "a" }]);
  expect(data.kinds!.get("a")).toEqual(["Crime", "Drama"]);
});

test("llara: padding is no item, ratings are dropped, growing rows count each item once", () => {
  const padded = "[4606,4606]";
  const data = read("llara-lastfm", {
    "llara/lastfm/Test_data.df.jsonl": '{"seq":[3,4606],"len_seq":1,"next":[9,5]}\n',
    "llara/lastfm/train_data.df.jsonl": [
      `{"seq":${padded},"len_seq":1,"next":0}`,
      '{"seq":[0,4606],"len_seq":1,"next":1}',
      '{"seq":[0,1],"len_seq":2,"next":2}',
      '{"seq":[1,2],"len_seq":2,"next":3}',
      `{"seq":${padded},"len_seq":1,"next":7}`,
    ].join("\n"),
  }) as SequenceData;
  expect(data.cases).toEqual([{ place: 0, user: "", sequence: ["3"], target: "9" }]);
  expect(data.training).toEqual([["0", "1", "2", "3"], ["7"]]);
  expect(data.items).toHaveLength(4_606);
});

test("mpd: playlists of named tracks", () => {
  const data = read("mpd-sample-1k", {
    "mpd-sample-1k/tracks.tsv": "idx\turi\tname\tartist\n0\tx\tSo What\tMiles\n1\ty\tTea\tJoe\n",
    "mpd-sample-1k/playlists.tsv":
      "split\tpid\tpos\tidx\ntrain\t5\t0\t1\ntest\t6\t0\t1\ntest\t6\t1\t0\n",
  }) as PlaylistData;
  const tea = { id: "1", title: "Tea", artist: "Joe" };
  expect(data.training).toEqual([[tea]]);
  expect(data.playlists).toEqual([[tea, { id: "0", title: "So What", artist: "Miles" }]]);
});

test.each([
  ["a table", "item\tuser\ttime\nc\tu\t3\na\tu\t1\nb\tu\t2\n"],
  ["a table without times", "user\titem\ttitle\nu\ta\tA\nu\tb\tB\nu\tc\tC\n"],
  ["pairs", "u a\r\nu b\r\nu c\r\n"],
  ["a holdout", "u\ta,b\tc\n"],
  ["JSON", '{"user_id":"u","sequence":["a","b"],"target":"c"}'],
])("%s of one's own", (_, text) => {
  const { cases, items } = readCasesFile(text, "own");
  expect(cases).toEqual([{ place: 0, user: "u", sequence: ["a", "b"], target: "c" }]);
  expect([...items].toSorted()).toEqual(["a", "b", "c"]);
});

test("a table with a line that is none", () => {
  const text = "user\titem\ttime\nu\ta\tnoon\n";
  expect(() => readCasesFile(text, "own.tsv")).toThrow("own.tsv:2: expected user, item, time");
});

test("a table of playlists, which is not taken for a holdout", () => {
  const text = "playlist\titem\ttitle\tartist\np0\tt1\tTea\tJoe\n";
  expect(() => readCasesFile(text, "own.tsv")).toThrow(
    "own.tsv:1: expected the columns user and item (of playlists, mpd-sample-1k alone is read), got",
  );
});

const gone = missingData(process.env, ml1mFiles);

test.skipIf(gone)(
  `the ranks published with ml-1m give the published figures${gone ? ` (skipped: ${gone})` : ""}`,
  () => {
    const real = openDataFolder(process.env);
    const data = readDataset("ml-1m", { folder: real, readFile: () => "" }) as SequenceData;
    expect([data.cases.length, data.items.length]).toEqual([6_040, 3_416]);
    expect(data.cases.every(({ negatives }) => negatives?.length === 100)).toBe(true);
    const [, ...rows] = linesOf(real.read(ml1mFiles[1]!), "frozen");
    const ranks = rows.map(({ text }) => Number(text.split("\t").at(-1)));
    const mean = (of: (rank: number) => number) =>
      ranks.reduce((sum, rank) => sum + of(rank), 0) / ranks.length;
    expect(mean(hit(10).of)).toBeCloseTo(0.821, 4);
    expect(mean(ndcg(10).of)).toBeCloseTo(0.5915, 4);
  },
);

const goneToo = missingData(process.env, llaraFiles(llaraFolders[0]!));

test.skipIf(goneToo)(
  `llara's artists are as its description says${goneToo ? ` (skipped: ${goneToo})` : ""}`,
  () => {
    const real = openDataFolder(process.env);
    const data = readDataset("llara-lastfm", { folder: real, readFile: () => "" }) as SequenceData;
    expect(data.cases).toHaveLength(122);
    // Each row of training brings one item.
    expect(data.training.reduce((sum, { length }) => sum + length, 0)).toBe(50_800);
  },
);
