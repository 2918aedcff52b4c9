import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const script = fileURLToPath(new URL("trim-modules.ts", import.meta.url));
const { platform, arch } = process;
const native = "onnxruntime-node/bin/napi-v6";
const web = "onnxruntime-web/dist";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "crossfade-trim-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function trim(files: readonly string[]): string[] {
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), "");
  }
  execFileSync(process.execPath, ["--import", "tsx", script, folder], { stdio: "pipe" });
  const left = readdirSync(folder, { recursive: true, withFileTypes: true });
  return left
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .toSorted();
}

test("what production reads stays, of one machine only", () => {
  const kept = [
    "a/LICENSE",
    "a/index.js",
    `${native}/${platform}/${arch}/libonnxruntime.so.1`,
    `${web}/ort-wasm-simd-threaded.mjs`,
    `${web}/ort-wasm-simd-threaded.wasm`,
    `${web}/ort.node.min.mjs`,
  ].toSorted();
  const trimmed = [
    "a/index.d.ts",
    "a/index.js.map",
    "a/lib/index.d.mts",
    `${native}/other/${arch}/libonnxruntime.so.1`,
    `${native}/${platform}/other/libonnxruntime.so.1`,
    `${web}/ort-wasm-simd-threaded.jsep.wasm`,
    `${web}/ort.min.js`,
  ];
  expect(trim([...kept, ...trimmed])).toEqual(kept);
});

test("a machine for which there is no library is told", () => {
  const others = [`${native}/other/${arch}/libonnxruntime.so.1`, `${web}/ort.node.min.mjs`];
  expect(() => trim(others)).toThrow(`no library for ${platform} ${arch}`);
});
