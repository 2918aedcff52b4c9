import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { poolings, type Pooling } from "../../models/cold-start/encoder/encoder-tower.ts";
import { nameRules } from "../../models/names/name-rules.ts";
import { writeEncoderFeatures } from "./features/encoder-features.ts";
import { writeGramFeatures } from "./features/gram-features.ts";
import { readTracks, type TrackTable } from "./features/read-tracks.ts";

const help = `Writes what a cold-start model reads of names, as the server does it, for scripts/train/train.

  npx tsx scripts/train/name-features.ts --tracks FILE|- --buckets N --out DIR
  npx tsx scripts/train/name-features.ts --tracks FILE|- --encoder FILE --tokenizer FILE --out DIR

  --tracks FILE     lines of id, title, artist with tabs between; "-": standard input
  --buckets N       rows of the table of grams: writes title-offsets.i32, titles.i32, artist-offsets.i32, artists.i32
  --encoder FILE    a sentence encoder (.onnx), with --tokenizer FILE, its tokenizer.json: writes embeddings.f32
  --pooling P       of its vectors, mean or cls (default mean)
  --max-tokens N    of a title and an artist together (default 64)
  --out DIR         also gets features.json, when all is there
`;

const text = { type: "string" } as const;
const options = {
  help: { type: "boolean" },
  tracks: text,
  buckets: text,
  encoder: text,
  tokenizer: text,
  pooling: text,
  "max-tokens": text,
  out: text,
} as const;

const ofEncoders = ["tokenizer", "pooling", "max-tokens"] as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  if (values.help === true) return void process.stdout.write(help);
  const folder = given(values, "out");
  const summary = join(folder, "features.json");
  mkdirSync(folder, { recursive: true });
  rmSync(summary, { force: true });
  const table = readTracks(given(values, "tracks"));
  const written = await writeFeatures(folder, table, values);
  const features = { format: 1, rules: nameRules, tracks: table.count, ...written };
  writeFileSync(summary, `${JSON.stringify(features)}\n`);
}

async function writeFeatures(folder: string, table: TrackTable, values: Values) {
  if (values.encoder === undefined) {
    const idle = ofEncoders.find((name) => values[name] !== undefined);
    if (idle !== undefined) throw new Error(`--${idle} needs --encoder`);
    return writeGramFeatures(folder, table, Number(given(values, "buckets")));
  }
  if (values.buckets !== undefined) throw new Error("--buckets and --encoder exclude each other");
  return writeEncoderFeatures(folder, table, {
    encoder: values.encoder,
    tokenizer: given(values, "tokenizer"),
    pooling: poolingOf(values.pooling ?? "mean"),
    maxTokens: Number(values["max-tokens"] ?? 64),
  });
}

function given(values: Values, name: "out" | "tracks" | "buckets" | "tokenizer"): string {
  const value = values[name];
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
}

function poolingOf(value: string): Pooling {
  const pooling = poolings.find((pooling) => pooling === value);
  if (pooling === undefined)
    throw new Error(`--pooling is ${value}; it must be ${poolings.join(" or ")}`);
  return pooling;
}

try {
  await main();
} catch (error) {
  console.error(`name-features: ${(error as Error).message}\nTry --help.`);
  process.exitCode = 1;
}
