import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildGraph, type GraphBuilder, type Value } from "../../models/onnx/build-graph.ts";
import { encodeModel } from "../../models/onnx/encode-model.ts";
import { rename } from "../../models/onnx/operators.ts";
import { rehearse } from "./rehearse.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "crossfade-rehearse-"));
});
afterAll(() => rm(dir, { recursive: true }));

const { signal } = new AbortController();

/** A graph with the ends of a probe. */
async function probeOf(make: (graph: GraphBuilder, ids: Value) => Value) {
  const graph = buildGraph("probe", (graph) => {
    const ids = graph.input("ids", "int32", ["batch", "length"]);
    graph.input("real", "int32", ["batch", "length"]);
    graph.input("user", "int32", ["batch"]);
    rename(graph, make(graph, ids), "values");
    graph.output("values", "int32", ["batch", "length"]);
  });
  const bytes = encodeModel(graph);
  const path = join(dir, `${bytes.length}.onnx`);
  await writeFile(path, bytes);
  return { graph: path, bytes: bytes.length, length: 5 };
}

test("a graph that opens and answers is let through, also one that does not take this length", async () => {
  await rehearse(await probeOf((graph, ids) => graph.node("Neg", [ids])), { signal });
  const frozen = await probeOf((graph, ids) => graph.node("Reshape", [ids, graph.int64([1, 7])]));
  await rehearse(frozen, { signal });
});

test("what fills the memory while it is opened is refused", async () => {
  const bomb = await probeOf((graph, ids) => {
    const zeros = graph.node("ConstantOfShape", [graph.int64([600_000_000])]);
    const sum = graph.node("ReduceSum", [zeros, graph.int64([0])], {
      attributes: { keepdims: 0 },
    });
    return graph.node("Add", [ids, graph.node("Cast", [sum], { attributes: { to: 6 } })]);
  });
  await expect(rehearse(bomb, { signal })).rejects.toThrow(
    /takes more than 1\.1 GB to open it and to ask it once, and it has \d{3} bytes/,
  );
});

test("what does not end is ended, by its time or by whoever waits", async () => {
  const endless = await probeOf((graph, ids) => {
    const body = buildGraph("body", (inner) => {
      inner.input("turn", "int64", []);
      rename(inner, inner.input("goes", "bool", []), "goes_on");
      rename(inner, inner.input("sum", "int32", ["batch", "length"]), "next");
      inner.output("goes_on", "bool", []);
      inner.output("next", "int32", ["batch", "length"]);
    });
    const isTrue = graph.node("Cast", [graph.int64(1)], { attributes: { to: 9 } });
    return graph.node("Loop", [graph.int64(2 ** 52), isTrue, ids], { attributes: { body } });
  });
  await expect(rehearse(endless, { signal, timeoutMs: 1_500 })).rejects.toThrow(
    "did not answer within 1.5 s; a loop of it may have no end",
  );
  const stopping = new AbortController();
  const waiting = rehearse(endless, { signal: stopping.signal });
  stopping.abort();
  await expect(waiting).rejects.toThrow("aborted");
});

test("what the runtime does not take is told in its words", async () => {
  const unknown = await probeOf((graph, ids) => graph.node("Frobnicate", [ids]));
  await expect(rehearse(unknown, { signal })).rejects.toThrow(
    /does not take it: .*Frobnicate.*must be written with others/,
  );
});
