import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { buildCatalogue } from "../../models/catalogue/build-index.ts";
import { buildNameIndex } from "../../models/names/build-name-index.ts";
import type { NameIndex } from "../../models/names/name-index.ts";
import { openNameIndex } from "../../models/names/open-name-index.ts";
import { createTrackName } from "../../models/names/track-name.ts";
import { readTracks } from "./features/read-tracks.ts";

const help = `Says which items of a catalogue tracks are, by name, as the server does it, for scripts/train/train.

  npx tsx scripts/train/find-names.ts --items FILE --tracks FILE --out FILE

  --items FILE   lines of id, count, title, artist with tabs between; the more often one counts, the sooner it is found
  --tracks FILE  lines of id, title, artist with tabs between
  --out FILE     of each track the line of its item from 0, or -1: int32, little-endian
`;

function main(): void {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: { help: { type: "boolean" }, items: text, tracks: text, out: text },
  });
  if (values.help === true) return void process.stdout.write(help);
  const index = indexOf(given("items", values.items));
  const { bytes, count, offsets } = readTracks(given("tracks", values.tracks));
  const track = createTrackName();
  const found = Int32Array.from({ length: count }, (_, i) => {
    track.read(bytes, offsets, 4 * i);
    return index.find(track).item;
  });
  writeFileSync(given("out", values.out), found);
}

function indexOf(file: string): NameIndex {
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  const rows = lines.map((line) => line.split("\t"));
  const catalogue = buildCatalogue(
    rows.map(([id = "", , title = "", artist = ""]) => ({ id, title, artist })),
  );
  const popularity = Float32Array.from(rows, ([, count]) => Number(count));
  const { names, chains } = buildNameIndex(catalogue, popularity);
  return openNameIndex({ names: names.buffer, chains: chains.buffer }, catalogue);
}

function given(name: string, value: string | undefined): string {
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
}

try {
  main();
} catch (error) {
  console.error(`find-names: ${(error as Error).message}\nTry --help.`);
  process.exitCode = 1;
}
