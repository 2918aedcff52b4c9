import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { createWorld, defaultSizes } from "./create-world.ts";
import type { World, WorldOptions, WorldSizes } from "./create-world.ts";
import { kinds, linesOf } from "./world-lines.ts";

const help = `Writes an invented music service as lines of JSON; the same options give the same bytes.

  npx tsx loadtest/world/world.ts --out DIR|- [options]

  --out DIR        artists.jsonl, tracks.jsonl, playlists.jsonl and listeners.jsonl in DIR; "-": all to standard output
  --seed N         another seed, another world (default 1)
  --listeners N    (default ${defaultSizes.listeners})
  --playlists N    (default ${defaultSizes.playlists})
  --tracks N       (default ${defaultSizes.tracks})
  --artists N      (default ${defaultSizes.artists})
  --help
`;

async function main(): Promise<void> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: { help: { type: "boolean" }, out: text, seed: text, ...sizeOptions(text) },
  });
  const { help: wantsHelp, out, ...numbers } = values;
  if (wantsHelp === true) return void process.stdout.write(help);
  if (out === undefined) throw new Error("--out is missing: a folder, or - for standard output");
  const given = Object.entries(numbers).map(([name, value]) => [name, wholeNumber(value)]);
  const world = createWorld(Object.fromEntries(given) as WorldOptions);
  await (out === "-" ? print(world) : writeFiles(world, out));
}

function sizeOptions<T>(option: T): Record<keyof WorldSizes, T> {
  return { listeners: option, playlists: option, tracks: option, artists: option };
}

/** NaN for what is none: the world says then which number it was. */
function wholeNumber(text: string): number {
  return /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
}

async function print(world: World): Promise<void> {
  for (const kind of kinds)
    await pipeline(chunks(linesOf(world, kind)), process.stdout, { end: false });
}

async function writeFiles(world: World, dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const kind of kinds) {
    await pipeline(chunks(linesOf(world, kind)), createWriteStream(join(dir, `${kind}s.jsonl`)));
  }
}

const chunkChars = 64 << 10;

/** A stream of single lines spends its time on being a stream. */
function chunks(lines: Iterable<string>): Readable {
  function* joined() {
    let chunk = "";
    for (const line of lines) {
      chunk += line;
      if (chunk.length < chunkChars) continue;
      yield chunk;
      chunk = "";
    }
    if (chunk !== "") yield chunk;
  }
  return Readable.from(joined(), { objectMode: true, highWaterMark: 1 });
}

try {
  await main();
} catch (error) {
  const isClosedPipe = (error as NodeJS.ErrnoException).code === "EPIPE";
  if (!isClosedPipe) console.error(`world: ${(error as Error).message}\nTry --help.`);
  process.exitCode = isClosedPipe ? 0 : 1;
}
