import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GraphRunner } from "../../exporting/graph-runner.ts";
import { createPartsFolder } from "../../exporting/parts-folder.ts";
import { openRunner } from "../../onnx/ort-runner.fixture.ts";
import { createEncoderFiles } from "./encoder-files.ts";
import { poolings, type Pooling } from "./encoder-tower.ts";
import { encodeTracks } from "./encode-tracks.ts";
import { createNameTokens } from "./name-tokens.ts";
import { openEncoder } from "./open-encoder.ts";
import { vectorsGraph } from "./vectors-graph.ts";

const fixtures = join(import.meta.dirname, "fixtures");
const maxTokens = 48;

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "crossfade-encoder-"));
});
afterAll(() => rm(dir, { recursive: true }));

describe.each(["distilbert", "minilm"])("%s", (name) => {
  test.each(poolings)("%s pooling: the vectors that PyTorch computes", async (pooling) => {
    const { runner, tokensOf } = await open(name, pooling);
    const { pairs, ...vectors } = JSON.parse(
      await readFile(join(fixtures, name, "vectors.json"), "utf8"),
    ) as Readonly<Record<Pooling, number[][]>> & { readonly pairs: readonly [string, string][] };
    const tracks = pairs.map(([title, artist]) => tokensOf({ title, artist }));
    const found = await encodeTracks(runner, tracks, maxTokens);
    const wanted = vectors[pooling].flat();
    expect(found.length).toBe(wanted.length);
    const apart = wanted.map((value, i) => Math.abs(value - found[i]!));
    expect(Math.max(...apart)).toBeLessThan(1e-4);
    await runner.close();
  });

  test("tracks get the same bits with any others of their row behind them, and as any row", async () => {
    const { runner, tokensOf } = await open(name, "mean");
    const some = ["Jóga", "東京", "[SEP] x", "a b c d e f g h"].map((title) =>
      tokensOf({ title, artist: "Björk" }),
    );
    const eight = [...some, ...some];
    const alone = await encodeTracks(runner, eight, 24);
    const many = await encodeTracks(runner, [...eight, ...eight.toReversed(), ...eight], 24);
    expect(bits(many.subarray(0, alone.length))).toBe(bits(alone));
    expect(bits(many.subarray(2 * alone.length))).toBe(bits(alone));
    await runner.close();
  });
});

test("names are cut to the tokens that there is room for", async () => {
  const { tokensOf } = await open("minilm", "mean");
  expect(tokensOf({ title: "a ".repeat(100), artist: "b ".repeat(100) }).length).toBe(maxTokens);
  expect(tokensOf({ title: "", artist: "" }).length).toBe(3);
});

function bits({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}

async function open(name: string, pooling: Pooling) {
  const encoder = await openEncoder({
    encoder: join(fixtures, name, "encoder.onnx"),
    tokenizer: join(fixtures, name, "tokenizer.json"),
    pooling,
    maxTokens,
  });
  const folder = createPartsFolder(await mkdtemp(join(dir, "parts-")), "1");
  const files = createEncoderFiles(encoder);
  await files.write(folder);
  const graph = await folder.add("trial", "onnx", files.embed(vectorsGraph(encoder)));
  const runner: GraphRunner = await openRunner(graph.path);
  return { runner, tokensOf: createNameTokens(encoder) };
}
