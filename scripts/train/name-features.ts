import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { maxGrams } from "../../models/names/gram-list.ts";
import { nameRules } from "../../models/names/name-rules.ts";
import { writeGramFeatures } from "./features/gram-features.ts";
import { readTracks } from "./features/read-tracks.ts";
import { writeKeys } from "./features/write-keys.ts";

const help = `Writes what a cold-start model reads of names, as the server does it, for scripts/train/train.

  npx tsx scripts/train/name-features.ts --tracks FILE|- --buckets N --out DIR

  --tracks FILE  lines of id, title, artist with tabs between; "-": standard input
  --buckets N    rows of the table of grams
  --out DIR      gets title-offsets.i32, titles.i32, artist-offsets.i32, artists.i32, keys.txt, and, when all is there, features.json
`;

function main(): void {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: { help: { type: "boolean" }, tracks: text, buckets: text, out: text },
  });
  if (values.help === true) return void process.stdout.write(help);
  const folder = given("out", values.out);
  const buckets = Number(given("buckets", values.buckets));
  const table = readTracks(given("tracks", values.tracks));
  const summary = join(folder, "features.json");
  mkdirSync(folder, { recursive: true });
  rmSync(summary, { force: true });
  writeGramFeatures(folder, table, buckets);
  writeKeys(join(folder, "keys.txt"), table);
  const features = {
    format: 1,
    kind: "grams",
    rules: nameRules,
    tracks: table.count,
    buckets,
    maxGrams,
  };
  writeFileSync(summary, `${JSON.stringify(features)}\n`);
}

function given(name: string, value: string | undefined): string {
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
}

try {
  main();
} catch (error) {
  console.error(`name-features: ${(error as Error).message}\nTry --help.`);
  process.exitCode = 1;
}
