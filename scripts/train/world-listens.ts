import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { createWorld, listenerId, trackId } from "../../loadtest/world/create-world.ts";
import type { World } from "../../loadtest/world/create-world.ts";

const help = `Writes what the listeners of an invented music service listened to, as a table that scripts/train/train reads.

  npx tsx scripts/train/world-listens.ts --out FILE|- [--tracks N] [--artists N] [--seed N]

  --out FILE     columns: user, item, title; "-": to standard output
  --tracks N     (default 2000)
  --artists N    (default 200)
  --seed N       another seed, another world (default 1)
`;

async function main(): Promise<void> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: { help: { type: "boolean" }, out: text, tracks: text, artists: text, seed: text },
  });
  const { help: wantsHelp, out, tracks = "2000", artists = "200", seed = "1" } = values;
  if (wantsHelp === true) return void process.stdout.write(help);
  if (out === undefined) throw new Error("--out is missing: a file, or - for standard output");
  const world = createWorld({
    tracks: Number(tracks),
    artists: Number(artists),
    seed: Number(seed),
  });
  const file = out === "-" ? process.stdout : createWriteStream(out);
  file.write("user\titem\ttitle\n");
  for (let listener = 0; listener < world.sizes.listeners; listener++) {
    if (!file.write(linesOf(world, listener))) await once(file, "drain");
  }
  if (file !== process.stdout) await new Promise<void>((resolve) => file.end(resolve));
}

function linesOf(world: World, listener: number): string {
  const lines = Array.from(world.listens(listener), (index) => {
    const track = world.track(index);
    return `${listenerId(listener)}\t${trackId(index)}\t${titleOf(world, track)}\n`;
  });
  return lines.join("");
}

function titleOf(world: World, track: ReturnType<World["track"]>): string {
  return `${track.title} by ${world.artist(track.artist).name}`;
}

try {
  await main();
} catch (error) {
  console.error(`world-listens: ${(error as Error).message}\nTry --help.`);
  process.exitCode = 1;
}
