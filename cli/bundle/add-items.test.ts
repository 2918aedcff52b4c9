import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from "vitest";
import { partFile } from "../../models/bundle/bundle.ts";
import { readBundle, type ReadBundle } from "../../models/bundle/read-bundle.ts";
import { loadCatalogue } from "../../models/catalogue/load-index.ts";
import {
  randomTrained,
  song,
  writeTrained,
} from "../../models/cold-start/export/trained/write-trained.fixture.ts";
import { exportColdStart } from "../export/cold-start.ts";
import type { NamedTrack } from "../../models/names/read-names.ts";
import { hearSaid } from "../terminal/said.fixture.ts";
import { addItemsCommand } from "./add-items.ts";
import { openSongs } from "./songs.fixture.ts";

const said = hearSaid();
const few = "--probes=8";
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "crossfade-add-items-"));
  await writeTrained(join(root, "trained"), randomTrained());
  const args = ["--trained", join(root, "trained"), "--out", join(root, "models/songs/1"), few];
  expect(await exportColdStart.run([...args, "--variants", "fp32,edge"])).toBe(0);
});
afterAll(() => rm(root, { recursive: true }));

const header = "id\ttitle\tartist";
const table = (...lines: readonly string[]) => [header, ...lines, ""].join("\n");
const read = (dir: string, version: string) =>
  readBundle(join(dir, "models/songs", version), { families: ["cold-start"] });
const filesIn = (dir: string) => [
  "--bundle",
  join(dir, "models/songs/1"),
  "--items",
  join(dir, "new.tsv"),
  "--out",
  join(dir, "models/songs/2"),
  few,
];

describe("added to a bundle", () => {
  const { title, artist } = song(5);
  let old: ReadBundle;
  let added: ReadBundle;
  let manifest: string;
  let log: string;
  beforeAll(async () => {
    manifest = await readFile(join(root, "models/songs/1/bundle.json"), "utf8");
    const rows = [`n1\tQuite lulumo zuzuma\t${artist}`, `n2\t${title}\t${artist}`, "n3\t\tNobody"];
    await writeFile(join(root, "new.tsv"), table(...rows));
    expect(await addItemsCommand.run(filesIn(root))).toBe(0);
    log = said.text;
    [old, added] = [await read(root, "1"), await read(root, "2")];
  });

  test("items are told, and names that were there", async () => {
    expect(log).toContain("songs 1 has 90 items; 3 more make 93\n");
    expect(log).toContain(
      "1 of them has the name of an item that was there, and is an item of its own: n2 as t5\n",
    );
    const catalogue = await loadCatalogue(partFile(added, "items"));
    const last = [90, 91, 92].map((item) => [catalogue.idOf(item), catalogue.titleOf(item)]);
    expect(last).toEqual([
      ["n1", "Quite lulumo zuzuma"],
      ["n2", title],
      ["n3", ""],
    ]);
  });

  test.each(["fp32", "edge"] as const)(
    "they are found by their names and recommended, by %s too",
    async (variant) => {
      expect(Object.keys(added.manifest.variants)).toContain(variant);
      await using songs = await openSongs(added, variant);
      const tracks = [{ title: "QUITE LULUMO ZUZUMA (Live)", artist }];
      const { items, served } = await songs.recommend({ tracks, topK: 93 });
      expect(served!.tracks).toEqual({ known: 0, matched: 1, new: 0 });
      const found = items.find(({ id }) => id === "n1");
      expect([found?.title, found?.artist]).toEqual(["Quite lulumo zuzuma", artist]);
      expect(items.map(({ id }) => id)).toEqual(expect.arrayContaining(["n2", "n3"]));
    },
  );

  test("an item counts as much as a track of its name did while nobody knew it", async () => {
    await sameBeforeAndAfter(old, added, { title: "Quite lulumo zuzuma", artist });
  });

  test("parts that stay the same are the old ones, with their version, and the old bundle is as it was", async () => {
    for (const part of ["gram-vectors", "body", "gram-codes", "probes"]) {
      expect(added.manifest.parts[part]).toEqual(old.manifest.parts[part]);
      const inodes = [old, added].map(async (one) => (await stat(partFile(one, part))).ino);
      expect(new Set(await Promise.all(inodes)).size).toBe(1);
    }
    expect(added.manifest.parts["item-vectors"]!.version).toBe("2");
    expect(await readFile(join(root, "models/songs/1/bundle.json"), "utf8")).toBe(manifest);
  });
});

test("an added item is recommended to who likes what is called alike, also where nobody knows any of that", async () => {
  const dir = join(root, "world");
  await cp(
    fileURLToPath(new URL("../../examples/bundles/songs/1", import.meta.url)),
    join(dir, "models/songs/1"),
    {
      recursive: true,
    },
  );
  const [latin, pop] = ["Conjunto Guayabera", "Peach Carousel"];
  const rows = [`n1\tRitmo de Carnaval\t${latin}`, `n2\tCrazy Fireworks\t${pop}`];
  await writeFile(join(dir, "new.tsv"), table(...rows));
  expect(await addItemsCommand.run(filesIn(dir))).toBe(0);
  const bundle = await read(dir, "2");
  await using songs = await openSongs(bundle, "fp32");
  const aTenth = 200;
  const asked = [
    { own: "n1", tracks: [{ title: "Ritmo de Arena", artist: latin }] },
    { own: "n1", tracks: [{ title: "Canto de Nadie", artist: latin }] },
    { own: "n2", tracks: [{ title: "Magic Heartbeat", artist: pop }] },
    { own: "n2", tracks: [{ title: "Magic Nobody", artist: pop }] },
  ];
  for (const { own, tracks } of asked) {
    const { items } = await songs.recommend({ tracks, topK: aTenth });
    expect(items.map(({ id }) => id).find((id) => id.startsWith("n"))).toBe(own);
  }
});

test("names are read by the encoder of the bundle, where it has one", async () => {
  const dir = join(root, "encoded");
  const trained = fileURLToPath(
    new URL("../../models/cold-start/encoder/fixtures/minilm", import.meta.url),
  );
  const out = ["--out", join(dir, "models/songs/1"), few];
  const exporting = ["--trained", trained, "--variants", "fp32", ...out];
  expect([await exportColdStart.run(exporting), said.text]).toEqual([0, expect.anything()]);
  await writeFile(join(dir, "new.tsv"), table("n1\tA song of nobody\tThe Rest"));
  expect([await addItemsCommand.run(filesIn(dir)), said.text]).toEqual([0, expect.anything()]);
  await sameBeforeAndAfter(await read(dir, "1"), await read(dir, "2"), {
    title: "A song of nobody",
    artist: "The Rest",
  });
});

/** A track counts as much when it has become an item as while nobody knew it. */
async function sameBeforeAndAfter(old: ReadBundle, added: ReadBundle, track: NamedTrack) {
  await using earlier = await openSongs(old, "fp32");
  await using later = await openSongs(added, "fp32");
  const asked = { tracks: [track], topK: 1_000 };
  const [unknown, known] = [await earlier.recommend(asked), await later.recommend(asked)];
  expect(unknown.served!.tracks).toEqual({ known: 0, matched: 0, new: 1 });
  expect(known.served!.tracks).toEqual({ known: 1, matched: 0, new: 0 });
  const scores = new Map(known.items.map(({ id, score }) => [id, score]));
  const apart = unknown.items.map(({ id, score }) => Math.abs(score - scores.get(id)!));
  expect(apart.length).toBeGreaterThan(10);
  expect(Math.max(...apart)).toBeLessThan(1e-4);
}

describe("refused", () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(root, "test-"));
    await cp(join(root, "models/songs/1"), join(dir, "models/songs/1"), { recursive: true });
  });
  const run = async (content: string) => {
    await writeFile(join(dir, "new.tsv"), content);
    const code = await addItemsCommand.run(filesIn(dir));
    expect(await readdir(join(dir, "models/songs"))).toEqual(["1"]);
    return code;
  };

  test("ids that are there already, all named", async () => {
    expect(await run(table("t3\tA\tB", "n1\tA\tB", "t88\tA\tB"))).toBe(1);
    expect(said.text).toContain(
      '2 of 3 ids are in the bundle already, and what it knows of them was trained; leave them out: "t3", "t88"',
    );
  });

  test("a bad table, with its lines", async () => {
    expect(await run(table("n1\t\t", "\tA\tB", "n2\tA\tB", "n2\tC\tD"))).toBe(1);
    expect(said.text).toMatch(
      /new\.tsv:2: "n1" has neither title nor artist.*\n.*new\.tsv:3: the id is empty\n.*new\.tsv:5: the id "n2" is that of line 4/,
    );
    expect(await run("n1,A,B\n")).toBe(1);
    expect(said.text).toMatch(/begins with \["n1,A,B"\]; its first line must name the columns id/);
    expect(await run("id\ttitle\tartist\tid\nn1\tA\tB\tn2\n")).toBe(1);
    expect(said.text).toMatch(/must name the columns id, title and artist, each once/);
    expect(await run(table('n1\t"A', 'B"\tC', "n2\tA\tB\tC"))).toBe(1);
    expect(said.text).toMatch(
      /:2: it has 2 cells, where the first line names 3\n.*:3: it has 2 cells.*\n.*:4: it has 4 cells/,
    );
    expect(await run(table())).toBe(1);
    expect(said.text).toMatch(/new\.tsv has no items/);
  });

  test("ids and names with what nobody sees, with their lines", async () => {
    const rows = [
      " n1\tA\tB",
      "n2\u00a0\tA\tB",
      "n\u001b[2J3\tA\tB",
      "n4\tA\u0007\tB",
      "n5\tA\tB\rC",
      // A quote that was decoded wrongly long ago: it is in everybody's tables.
      "n6\tCan\u0092t Stop\tB",
    ];
    expect(await run(table(...rows))).toBe(1);
    const lines = said.text.trimEnd().split("\n");
    expect(lines.map((line) => line.replace(/.*new\.tsv:/, ""))).toEqual([
      '2: the id " n1" has blanks around it',
      '3: the id "n2\u00a0" has blanks around it',
      '4: the id "n\\u001b[2J3" has the control character U+001B; take it out',
      '5: the title of "n4": "A\\u0007" has the control character U+0007; take it out',
      '6: the artist of "n5": "B\\rC" has the control character U+000D; take it out',
    ]);
  });

  test("names of a table with line ends of another system are read", async () => {
    expect(await run(table("t3\tA\tB\r", "n1\tA\tB\r"))).toBe(1);
    expect(said.text).toContain("1 of 2 ids are in the bundle already");
  });

  test("a bundle that lacks what the new one is made of, with all that it lacks", async () => {
    const path = join(dir, "models/songs/1/bundle.json");
    const manifest = JSON.parse(await readFile(path, "utf8")) as {
      parts: Record<string, { bytes: number }>;
      variants: Record<string, { parts: string[]; passport: { bytes: number } }>;
    };
    const fp32 = manifest.variants["fp32"]!;
    fp32.parts = fp32.parts.filter((part) => part !== "gram-vectors");
    fp32.passport.bytes -= manifest.parts["gram-vectors"]!.bytes;
    delete manifest.parts["probes"];
    delete manifest.parts["gram-vectors"];
    await writeFile(path, JSON.stringify(manifest));
    expect(await run(table("n1\tA\tB"))).toBe(1);
    expect(said.text).toMatch(
      /its fp32 variant has no part gram-vectors, of which[^]*it has no part probes, on which/,
    );
  });

  test("wrong calls, with everything that is wrong", async () => {
    expect(await addItemsCommand.run(["--itmes", "x"])).toBe(2);
    expect(said.text).toContain("did you mean --items?");
    expect(await addItemsCommand.run(["--out", "songs"])).toBe(2);
    expect(said.text).toMatch(/give --bundle\n.*give --items\n/);
  });

  test("killed in the middle: nothing but the old version is left, and the next one clears away", async () => {
    const places = join(dir, "temporary");
    await mkdir(places);
    vi.stubEnv("TMPDIR", places);
    onTestFinished(() => void vi.unstubAllEnvs());
    await writeFile(join(dir, "new.tsv"), table("n1\tA\tB"));
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "cli/crossfade.ts", "bundle", "add-items", ...filesIn(dir)],
      { cwd: new URL("../..", import.meta.url), stdio: ["ignore", "ignore", "pipe"] },
    );
    let output = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.includes("Measuring fp32") && !child.killed) child.kill("SIGKILL");
    });
    await once(child, "close");
    expect(child.signalCode).toBe("SIGKILL");
    expect(await readdir(join(dir, "models/songs"))).toEqual(["1"]);
    // What a loader of TypeScript keeps there is none of ours.
    const left = async () => (await readdir(places)).filter((name) => name.startsWith("crossfade"));
    expect(await left()).toHaveLength(1);
    expect(await addItemsCommand.run(filesIn(dir))).toBe(0);
    expect(await left()).toEqual([]);
  });
});
