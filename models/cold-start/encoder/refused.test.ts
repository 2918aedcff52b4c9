import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPartsFolder } from "../../exporting/parts-folder.ts";
import { buildGraph, type GraphBuilder, type Value } from "../../onnx/build-graph.ts";
import { encodeModel } from "../../onnx/encode-model.ts";
import type { Dim, ElementType } from "../../onnx/graph.ts";
import { addAxis, cast, rename } from "../../onnx/operators.ts";
import { openRunner } from "../../onnx/ort-runner.fixture.ts";
import { createEncoderFiles } from "./encoder-files.ts";
import { openEncoder } from "./open-encoder.ts";
import { tryEncoder } from "./try-encoder.ts";

const minilm = join(import.meta.dirname, "fixtures", "minilm");
const tokenizer = join(minilm, "tokenizer.json");

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "crossfade-refused-"));
});
afterAll(() => rm(dir, { recursive: true }));

type Input = readonly [name: string, type: ElementType, dims: readonly Dim[]];

interface Model {
  readonly inputs?: readonly Input[];
  readonly output?: string;
  readonly width?: Dim;
  /** float32 [batch, length] of the ids and the mask. */
  readonly of?: (graph: GraphBuilder, ids: Value, mask: Value) => Value;
}

const size = ["batch", "length"] as const;
const usual: readonly Input[] = [
  ["input_ids", "int64", size],
  ["attention_mask", "int64", size],
];
const whatIdsSay: Model["of"] = (graph, ids) => cast(graph, ids, "float32");

/** An encoder that says one number of each token. */
async function written(model: Model): Promise<string> {
  const { inputs = usual, output = "last_hidden_state", width = 1, of = whatIdsSay } = model;
  const graph = buildGraph("encoder", (graph) => {
    const values = inputs.map(([name, type, dims]) => graph.input(name, type, dims));
    const numbers = of!(graph, values[0]!, values[1] ?? values[0]!);
    graph.output(rename(graph, addAxis(graph, numbers, 2), output), "float32", [...size, width]);
  });
  const path = join(await mkdtemp(join(dir, "model-")), "encoder.onnx");
  await writeFile(path, encodeModel(graph));
  return path;
}

async function open(model: Model, dims?: number) {
  const source = {
    encoder: await written(model),
    tokenizer,
    pooling: "mean",
    maxTokens: 16,
  } as const;
  return openEncoder({ ...source, ...(dims !== undefined && { dims }) });
}

async function tried(model: Model) {
  const encoder = await open(model);
  const folder = createPartsFolder(await mkdtemp(join(dir, "parts-")), "1");
  const files = createEncoderFiles(encoder);
  await files.write(folder);
  await tryEncoder(encoder, { folder, files, open: openRunner });
}

test.each<readonly [string, Model, string]>([
  [
    "no mask",
    { inputs: usual.slice(0, 1) },
    "it has no input attention_mask; its inputs are input_ids int64 [batch, length]",
  ],
  [
    "floats as ids",
    { inputs: [["input_ids", "float32", size], usual[1]!] },
    "its input input_ids float32 [batch, length] is no int32 or int64 of [batch, length]",
  ],
  [
    "a fixed batch",
    { inputs: [["input_ids", "int64", [1, "length"]], usual[1]!] },
    "has a size of 1; both sizes must be free",
  ],
  [
    "an input nobody knows",
    { inputs: [...usual, ["pixel_values", "float32", size]] },
    "nobody knows what to feed pixel_values float32 [batch, length] with",
  ],
  ["a free width", { width: "width" }, "does not say how wide a vector is"],
])("%s is refused, with what to do", async (_name, model, problem) => {
  await expect(open(model)).rejects.toThrow(problem);
  await expect(open(model)).rejects.toThrow("export it with torch.onnx.export");
});

test("an encoder of other vectors than the model was trained on is refused", async () => {
  await expect(open({}, 3)).rejects.toThrow(
    "its vectors have 1 numbers, and the model was trained on 3",
  );
});

test("an encoder by another name of its output is taken, as are int32 inputs", async () => {
  await tried({ output: "token_embeddings" });
  await tried({ inputs: usual.map(([name, , dims]) => [name, "int32", dims]) });
});

const share = (graph: GraphBuilder, ids: Value): Value => {
  const numbers = cast(graph, ids, "float32");
  return graph.node("Sub", [numbers, graph.node("ReduceMean", [numbers, graph.int64([1])])]);
};

const noNumber = (graph: GraphBuilder, ids: Value): Value =>
  graph.node("Sqrt", [graph.node("Neg", [cast(graph, ids, "float32")])]);

const same = (graph: GraphBuilder, ids: Value): Value =>
  graph.node("Mul", [cast(graph, ids, "float32"), graph.float32(0)]);

const upTo12 = (graph: GraphBuilder, ids: Value): Value => {
  const positions = graph.float32(Array.from({ length: 12 }, () => 1));
  const length = graph.node("Shape", [ids], { attributes: { start: 1, end: 2 } });
  const some = graph.node("Gather", [positions, graph.node("Sub", [length, graph.int64([1])])]);
  return graph.node("Mul", [cast(graph, ids, "float32"), some]);
};

test("one that reads its padding is refused", async () => {
  await expect(tried({ of: share })).rejects.toThrow("when padding follows it");
});

test("one that gives no numbers, or the same for every name, is refused", async () => {
  await expect(tried({ of: noNumber })).rejects.toThrow("vectors that are no numbers");
  await expect(tried({ of: same })).rejects.toThrow("says the same of every name");
});

test("one that takes fewer tokens than asked for is refused with how many", async () => {
  await expect(tried({ of: upTo12 })).rejects.toThrow("the encoder cannot be run with 16 tokens");
});

test("a file that is something else is named", async () => {
  const source = { pooling: "mean", maxTokens: 16 } as const;
  const encoder = join(minilm, "encoder.onnx");
  await expect(openEncoder({ ...source, encoder: tokenizer, tokenizer })).rejects.toThrow(
    "tokenizer.json: ",
  );
  await expect(openEncoder({ ...source, encoder, tokenizer: encoder })).rejects.toThrow(
    "encoder.onnx is no tokenizer",
  );
});
