import { execFile } from "node:child_process";
import { expect, test } from "vitest";

/** Does `last` while an engine is in the middle of runs that take long. */
const script = (last: string) => `
  import { openEngine } from "./backends/engines/open-engine.ts";
  import { buildGraph } from "./models/onnx/build-graph.ts";
  import { encodeModel } from "./models/onnx/encode-model.ts";

  const graph = encodeModel(buildGraph("long", (g) => {
    let value = g.input("x", "float32", ["B", 512]);
    const weights = g.node("Reshape", [g.float32(Array(512 * 512).fill(0.01)), g.int64([512, 512])]);
    for (let i = 0; i < 8; i++) value = g.node("MatMul", [value, weights]);
    g.node("Identity", [value], { outputs: ["y"] });
    g.output("y", "float32", ["B", 512]);
  }));
  const call = { deadlineMs: Infinity, signal: new AbortController().signal };
  const x = { type: "float32", dims: [2048, 512], data: new Float32Array(2048 * 512) };
  const engine = await openEngine({ provider: "cpu", graph });
  await engine.run({ x }, call);
  for (let i = 0; i < 4; i++) void engine.run({ x }, call);
  setTimeout(() => { ${last} }, 20);
`;

/** Exits while a thread is deep in native code, for longer than anybody would wait. */
const stuck = `
  import { createGate, enter } from "./backends/engines/gate.ts";
  import { guardExit, limitExitWait } from "./backends/engines/exit-guard.ts";
  import { Worker } from "node:worker_threads";
  const gate = createGate();
  const worker = new Worker(\`
    import { pbkdf2Sync } from "node:crypto";
    import { parentPort } from "node:worker_threads";
    parentPort.postMessage("inside");
    pbkdf2Sync("a", "b", 2 ** 31 - 1, 64, "sha512");
  \`, { eval: true });
  guardExit(gate);
  worker.on("message", () => {
    enter(gate, worker.threadId);
    limitExitWait(50);
    setTimeout(() => process.exit(0), 50);
  });
`;

test("a thread that never comes back does not keep the process", async () => {
  const flags = ["--import", "tsx", "--input-type=module", "--eval", stuck];
  const ended = await new Promise((resolve) => {
    const child = execFile(process.execPath, flags, () => resolve(child.signalCode));
  });
  expect(ended).toBe("SIGKILL");
});

test.each([
  ["exit", "process.exit(7)", 7],
  ["die of an uncaught error", 'throw new Error("bug")', 1],
])("a process may %s during a run without an abort", async (_, last, code) => {
  const flags = ["--import", "tsx", "--input-type=module", "--eval"];
  const ended = await new Promise((resolve) => {
    const child = execFile(process.execPath, [...flags, script(last)], () => {
      resolve({ code: child.exitCode, signal: child.signalCode });
    });
  });
  expect(ended).toEqual({ code, signal: null });
});
