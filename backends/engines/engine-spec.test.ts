import { expect, test } from "vitest";
import { completeSpec } from "./engine-spec.ts";

const graph = "graph.onnx";

test("every problem is told at once", () => {
  const spec = {
    provider: "wasm",
    graph,
    workers: 0,
    intraOpThreads: 2,
    deviceId: 1,
    maxFeedBytes: 0.5,
  } as const;
  expect(() => completeSpec(spec)).toThrow(
    /workers is 0.*\n.*maxFeedBytes is 0.5.*\n.*intraOpThreads is 2.*\n.*deviceId is 1/,
  );
});

test("an unknown provider is named beside those there are", () => {
  expect(() => completeSpec({ provider: "rocm" as "cpu", graph })).toThrow(
    'provider is "rocm"; it must be one of cpu, cuda, webgpu, wasm',
  );
});

test("what is not said has its default", () => {
  expect(completeSpec({ provider: "cpu", graph })).toMatchObject({
    name: "cpu",
    workers: 1,
    intraOpThreads: 1,
  });
  expect(completeSpec({ provider: "cpu", graph, name: "cpu-qint8" })).toHaveProperty(
    "name",
    "cpu-qint8",
  );
});
