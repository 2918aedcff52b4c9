import { expect, test } from "vitest";
import { duplicateKeys } from "./duplicate-keys.ts";
import { parseManifest } from "./parse-manifest.ts";

const sha256 = "ab".repeat(32);

function valid(): Record<string, unknown> {
  const agreement = { overlap10: 1, top1: 1, recall10: 1 };
  const measured = { users: 100, metrics: { hr10: 0.5, ndcg10: 0.3 }, agreement };
  const latency = { isa: "avx2", threads: 1, batchMs: { 1: 0.5 } };
  return {
    format: 1,
    model: "playlists",
    version: "7",
    family: "two-tower",
    idType: "string",
    created: "2025-01-31T12:00:00Z",
    settings: { dims: 8 },
    parts: {
      graph: { file: "graph.onnx", version: "7", sha256, bytes: 10 },
      items: { file: "weights/items.f32", version: "3", sha256, bytes: 100 },
    },
    variants: {
      fp32: {
        graphs: { catalogue: "graph" },
        parts: ["items"],
        passport: { bytes: 110, warm: measured, cold: measured, latency },
      },
    },
  };
}

function parse(json: unknown) {
  const text = typeof json === "string" ? json : JSON.stringify(json);
  return parseManifest(text, { source: "bundle.json", families: ["two-tower"] });
}

/** The valid manifest with the value at a dotted path replaced; `undefined` removes it. */
function withValue(path: string, value: unknown): Record<string, unknown> {
  const root = valid();
  const keys = path.split(".");
  const last = keys.pop()!;
  const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, root);
  parent[last] = value;
  return root;
}

test("a valid manifest comes back as it is", () => {
  expect(parse(valid())).toEqual(valid());
});

test.each([
  ["model", "../evil", /model: must be 1 to 64 letters.*got "\.\.\/evil"/],
  ["model", "x".repeat(65), /model: must be/],
  ["model", "", /model: must be/],
  ["version", ".hidden", /version: must be/],
  ["version", 7, /version: must be .*got 7/],
  ["family", "sequence", /family: sequence cannot be read here, only two-tower/],
  ["idType", "uuid", /idType: must be one of string, int, got "uuid"/],
  ["created", "yesterday", /created: must be a UTC time/],
  ["created", "2025-13-31T12:00:00Z", /created: 2025-13-31T12:00:00Z is no date/],
  ["settings", [], /settings: must be an object/],
  ["colour", "red", /colour: is not known; known are format, model/],
  ["parts", {}, /parts: must be an object with 1 to 256 entries/],
  ["parts.graph.file", "../graph.onnx", /parts\.graph\.file: must be a path inside the bundle/],
  [
    "parts.graph.file",
    "a/../../graph.onnx",
    /parts\.graph\.file: must be a path inside the bundle/,
  ],
  ["parts.graph.file", "/etc/passwd", /parts\.graph\.file: must be a path inside the bundle/],
  ["parts.graph.file", "C:\\graph.onnx", /parts\.graph\.file: must be a path inside the bundle/],
  ["parts.graph.file", "weights/items.f32", /parts\.items\.file: .* is already the file of graph/],
  ["parts.graph.sha256", "AB".repeat(32), /parts\.graph\.sha256: must be 64 hexadecimal/],
  ["parts.graph.bytes", -1, /parts\.graph\.bytes: must be a whole number from 1/],
  ["parts.graph.bytes", 1e300, /parts\.graph\.bytes: must be a whole number/],
  ["parts.graph.bytes", 10.5, /parts\.graph\.bytes: must be a whole number/],
  ["parts.graph.bytes", undefined, /parts\.graph\.bytes: .* got nothing/],
  ["variants", {}, /variants: must be an object with 1 to 4 entries/],
  ["variants.int4", {}, /variants: the name "int4" must be one of fp32, qint8, fp16, edge/],
  [
    "variants.fp32.graphs.catalogue",
    "missing",
    /variants\.fp32\.graphs\.catalogue: there is no part missing/,
  ],
  [
    "variants.fp32.parts",
    ["constructor"],
    /variants\.fp32\.parts\[0\]: there is no part constructor/,
  ],
  ["variants.fp32.parts", ["items", "items"], /variants\.fp32\.parts\[1\]: items is named twice/],
  [
    "variants.fp32.passport.bytes",
    7,
    /variants\.fp32\.passport\.bytes: is 7, but its parts have 110 bytes/,
  ],
  ["variants.fp32.passport.warm.metrics.hr10", 1.5, /hr10: must be a number from 0 to 1, got 1\.5/],
  ["variants.fp32.passport.cold.users", 0, /cold\.users: must be a whole number from 1/],
  ["variants.fp32.passport.latency.batchMs", { many: 1 }, /the name "many" must be a batch size/],
])("%s = %j is refused", (path, value, message) => {
  expect(() => parse(withValue(path, value))).toThrow(message);
});

test("all problems are reported at once", () => {
  const broken = { ...valid(), model: "", idType: "uuid", colour: "red", created: undefined };
  expect(() => parse(broken)).toThrow(
    /4 problems:\n(.*\n)*.*colour(.*\n)*.*model(.*\n)*.*idType(.*\n)*.*created/,
  );
});

test("a newer format is the one thing said about it", () => {
  expect(() => parse({ format: 2, everything: "else is different" })).toThrow(
    /has a problem:\n {2}- format 2 is newer than this build understands \(1\): upgrade/,
  );
});

test("an older or senseless format is refused", () => {
  expect(() => parse(withValue("format", 0))).toThrow(
    /format: must be a whole number from 1 to 1, got 0/,
  );
  expect(() => parse(withValue("format", "1"))).toThrow(/format: must be/);
});

test("variants need fp32 beside them to be judged against", () => {
  const { fp32 } = valid()["variants"] as Record<string, unknown>;
  expect(() => parse({ ...valid(), variants: { qint8: fp32 } })).toThrow(/fp32 is missing/);
});

test.each(["", "{", "null", "[]", '"text"', "12"])("the text %j is no manifest", (json) => {
  expect(() => parse(json)).toThrow(/bundle\.json/);
});

test("a key that appears twice is refused, wherever it is", () => {
  const json = JSON.stringify(valid()).replace('"version":"3"', '"version":"3","version":"4"');
  expect(() => parse(json)).toThrow(/parts\.items\.version: appears twice/);
});

test("keys are told from values, and escaped ones are the same key", () => {
  expect(duplicateKeys('{"a":"a","b":["a","a"],"c":{"a":1},"\\u0061":2,"d":"}\\"{"}')).toEqual([
    "a",
  ]);
  expect(duplicateKeys('{"a":[{"b":1},{"b":1}],"c":"a\\\\"}')).toEqual([]);
  expect(duplicateKeys('[{"a":[{"b":1,"b":2}]}]')).toEqual(["a.b"]);
});
