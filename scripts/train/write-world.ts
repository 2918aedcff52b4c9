import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { createWorld, type World } from "../../loadtest/world/create-world.ts";

export interface WorldTable {
  /** Of the command. */
  readonly name: string;
  /** What it writes, in a sentence. */
  readonly summary: string;
  readonly columns: readonly string[];
  readonly countOf: (world: World) => number;
  /** Values by line, of the listener or playlist with this index. */
  readonly linesOf: (world: World, index: number) => readonly (readonly string[])[];
}

const helpOf = ({ name, summary, columns }: WorldTable) => `${summary}

  npx tsx scripts/train/${name}.ts --out FILE|- [--tracks N] [--artists N] [--seed N]

  --out FILE     columns: ${columns.join(", ")}; "-": to standard output
  --tracks N     (default 2000)
  --artists N    (default 200)
  --seed N       another seed, another world (default 1)
`;

/** A command that writes a table of an invented music service. */
export async function writeWorld(table: WorldTable): Promise<void> {
  try {
    await write(table);
  } catch (error) {
    console.error(`${table.name}: ${(error as Error).message}\nTry --help.`);
    process.exitCode = 1;
  }
}

async function write(table: WorldTable): Promise<void> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: { help: { type: "boolean" }, out: text, tracks: text, artists: text, seed: text },
  });
  const { help: wantsHelp, out, tracks = "2000", artists = "200", seed = "1" } = values;
  if (wantsHelp === true) return void process.stdout.write(helpOf(table));
  if (out === undefined) throw new Error("--out is missing: a file, or - for standard output");
  const world = createWorld({
    tracks: Number(tracks),
    artists: Number(artists),
    seed: Number(seed),
  });
  const file = out === "-" ? process.stdout : createWriteStream(out);
  file.write(`${table.columns.join("\t")}\n`);
  for (let index = 0; index < table.countOf(world); index++) {
    const lines = table.linesOf(world, index).map((line) => `${line.join("\t")}\n`);
    if (!file.write(lines.join(""))) await once(file, "drain");
  }
  if (file !== process.stdout) await new Promise<void>((resolve) => file.end(resolve));
}
