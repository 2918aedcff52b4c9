import { expect, test } from "vitest";
import { buildGraph } from "./build-graph.ts";
import { checkGraph } from "./check-graph.ts";

test("a sound graph passes", () => {
  const graph = buildGraph("sound", (graph) => {
    const x = graph.input("x", "float32", ["n"]);
    graph.node("Clip", [x, "", graph.float32(1)], { outputs: ["out"] });
    graph.output("out", "float32", ["n"]);
  });
  expect(() => checkGraph(graph)).not.toThrow();
});

test("every problem is reported, by name", () => {
  const graph = buildGraph("broken", (graph) => {
    graph.input("x", "float32", ["n"]);
    graph.input("x", "int32", ["n"]);
    graph.node("Add", ["x", "lost"], { outputs: ["sum"] });
    graph.output("total", "float32", ["n"]);
  });
  expect(() => checkGraph(graph)).toThrow(
    [
      'graph "broken" cannot be written:',
      '- broken: input "x" is defined twice; names are unique, branches included',
      '- broken: Add reads "lost", which nothing before it defines',
      '- broken: output "total" is computed by no node',
    ].join("\n"),
  );
});

test("a graph without outputs is refused", () => {
  const graph = buildGraph("mute", (graph) => graph.input("x", "float32", []));
  expect(() => checkGraph(graph)).toThrow("mute: it has no outputs; declare at least one");
});

test("a node may not read what a later one computes", () => {
  const graph = buildGraph("backwards", (graph) => {
    graph.node("Neg", ["later"], { outputs: ["out"] });
    graph.node("Neg", [graph.float32(1)], { outputs: ["later"] });
    graph.output("out", "float32", []);
  });
  expect(() => checkGraph(graph)).toThrow('Neg reads "later", which nothing before it defines');
});

test("what a branch defines is unknown outside it, and its problems count", () => {
  const graph = buildGraph("outer", (graph) => {
    const branch = graph.branch("inner", (inner) => {
      inner.node("Neg", ["nowhere"], { outputs: ["hidden"] });
      inner.output("hidden", "float32", []);
    });
    const isTrue = graph.node("Cast", [graph.int32(1)], { attributes: { to: 9 } });
    graph.node("If", [isTrue], {
      attributes: { then_branch: branch, else_branch: branch },
      outputs: ["out"],
    });
    graph.node("Neg", ["hidden"], { outputs: ["late"] });
    graph.output("late", "float32", []);
  });
  expect(() => checkGraph(graph)).toThrow('inner: Neg reads "nowhere"');
  expect(() => checkGraph(graph)).toThrow('outer: Neg reads "hidden"');
});

test.each(["/etc/passwd", "../weights", "a//b", "a\\b", "", "a/./b"])(
  "weights may not lie in %j",
  (file) => {
    const graph = buildGraph("outside", (graph) => {
      const x = graph.external({ name: "x", type: "int8", dims: [4] }, { file });
      graph.output(x, "int8", [4]);
    });
    expect(() => checkGraph(graph)).toThrow(
      `names the file "${file}"; allowed is a path below the model's folder`,
    );
  },
);

test("external bytes fit their dimensions", () => {
  const graph = buildGraph("short", (graph) => {
    const x = graph.external(
      { name: "x", type: "float32", dims: [2, 3] },
      { file: "x.f32", lengthBytes: 20 },
    );
    graph.output(x, "float32", [2, 3]);
  });
  expect(() => checkGraph(graph)).toThrow(
    'initializer "x" has 20 bytes, but float32 [2, 3] takes 24',
  );
});
