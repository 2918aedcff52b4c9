import { cp } from "node:fs/promises";
import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { importModel } from "../cli/import/import.ts";
import {
  exported,
  fixturePath,
  itemCount,
  longest,
  sequences,
} from "../models/importing/exported.fixture.ts";
import { batchRecommend, recommend } from "./calls.fixture.ts";
import { openFolder, openServer, type Folder, type OpenServer } from "./open-server.fixture.ts";

/** The others are held against their files in models/importing: a whole server says the same of all. */
const served = exported.filter(({ name }) => name === "full-logits" || name === "gru-gemm");
const idOf = (item: number) => String(100 + item);

let folder: Folder;
let server: OpenServer;
const printed: string[] = [];

function write(text: string | Uint8Array): boolean {
  return printed.push(String(text)) > 0;
}

/** As `crossfade import` would be called, quietly. */
async function runImport(...args: readonly string[]): Promise<number> {
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation(write),
  );
  try {
    return await importModel.run(args);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

beforeAll(async () => {
  folder = await openFolder();
  for (const { name, said } of served) {
    const flags = [
      ...(said.padding ? ["--padding", said.padding] : []),
      ...(said.maxLength ? ["--max-length", String(said.maxLength)] : []),
    ];
    // All forms of one: measuring takes most of the time.
    const forms = name === "full-logits" ? [] : ["--variants", "fp32"];
    const out = `${folder.path}/${name}/1`;
    const files = ["--catalogue", fixturePath("items.csv"), "--out", out];
    const code = await runImport(fixturePath(`${name}.onnx`), ...flags, ...forms, ...files);
    expect(code, printed.join("")).toBe(0);
  }
  server = await openServer(["--models", folder.path, "--variant", "fp32"]);
  // Every graph that is tried starts a thread of its own.
}, 120_000);

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

test.each(served)(
  "$name: what is served over gRPC is what onnxruntime says of the file itself",
  async ({ name, ask }) => {
    const session = await ort.InferenceSession.create(fixturePath(`${name}.onnx`));
    for (const sequence of sequences) {
      const wanted = await ask(session, sequence);
      const history = sequence.map(idOf);
      const reply = await recommend(server.channel, { model: name, history, topK: 10 });
      const { items } = reply;
      expect(items).toHaveLength(10);
      const best = wanted.toSorted((a, b) => b - a);
      items.forEach(({ id, score }, rank) => {
        // Its own score, and the one that belongs at this place.
        expect(Math.abs(score - wanted[Number(id) - 100]!)).toBeLessThan(1e-5);
        expect(Math.abs(score - best[rank]!)).toBeLessThan(1e-5);
      });
      expect(reply.served).toMatchObject({ model: name, modelVersion: "1", unknownCount: 0 });
    }
    await session.release();
  },
);

test.each(served)("$name: a request alone and in a batch has the same answer", async ({ name }) => {
  const requests = sequences.map((sequence) => ({ model: name, history: sequence.map(idOf) }));
  const alone: unknown[] = [];
  for (const request of requests)
    alone.push({ $case: "response", value: await recommend(server.channel, request) });
  expect(await batchRecommend(server.channel, requests)).toEqual(alone);
});

test.each(["full-logits", "gru-gemm"])(
  "%s: candidates, exclusions and titles are those of every model",
  async (model) => {
    const history = ["103", "107", "103"];
    const all = await recommend(server.channel, { model, history, topK: 1_000 });
    expect(all.items).toHaveLength(itemCount);
    const candidates = ["131", "102", "103", "nothing", "102"];
    const { items, served } = await recommend(server.channel, {
      model,
      history,
      candidates,
      excludeHistory: true,
    });
    const expected = all.items.filter(({ id }) => id === "131" || id === "102");
    expect(items.map(({ id, title }) => [id, title])).toEqual(
      expected.map(({ id, title }) => [id, title]),
    );
    items.forEach(({ score }, i) => expect(score).toBeCloseTo(expected[i]!.score, 5));
    expect(served?.unknownCount).toBe(1);
    const unseen = await recommend(server.channel, { model, history, excludeHistory: true });
    expect(unseen.items.map(({ id }) => id)).toEqual(
      all.items
        .map(({ id }) => id)
        .filter((id) => !history.includes(id))
        .slice(0, 10),
    );
    const popular = await recommend(server.channel, { model, topK: 2 });
    expect(popular.items.map(({ id }) => id)).toEqual(["100", "101"]);
  },
);

test("a longer history counts by its last items, as many as the model takes", async () => {
  const model = "full-logits";
  const long = Array.from({ length: 300 }, (_, i) => idOf((i * 7) % itemCount));
  const whole = await recommend(server.channel, { model, history: long });
  const last = await recommend(server.channel, { model, history: long.slice(-longest) });
  expect(whole.items).toEqual(last.items);
});

test.each(["qint8", "edge"])(
  "the %s form of an import is served and is inside its gate",
  async (variant) => {
    await using own = await openFolder();
    const model = "full-logits";
    await cp(`${folder.path}/${model}`, `${own.path}/${model}`, { recursive: true });
    const how = ["--variant", variant];
    await using quantized = await openServer(["--models", own.path, ...how]);
    const history = ["103", "107"];
    const { items, served } = await recommend(quantized.channel, { model, history });
    expect(served?.backend).toBe(`cpu-${variant}`);
    expect(items).toHaveLength(10);
  },
);
