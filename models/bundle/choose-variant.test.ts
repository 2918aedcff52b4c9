import { expect, test } from "vitest";
import { chooseVariant } from "./choose-variant.ts";
import type { Manifest, Variant, VariantName } from "./manifest.ts";

function variant(msAt128: number, overlap10 = 1): Variant {
  const measured = {
    users: 100,
    metrics: { hr10: 0.5, ndcg10: 0.3 },
    agreement: { overlap10, top1: overlap10, recall10: overlap10 },
  };
  const latency = { isa: "avx2", threads: 1, batchMs: { 1: 1, 128: msAt128 } };
  return { graphs: {}, parts: [], passport: { bytes: 1, warm: measured, cold: measured, latency } };
}

function manifest(variants: Partial<Record<VariantName, Variant>>): Manifest {
  return {
    format: 1,
    model: "m",
    version: "1",
    family: "two-tower",
    idType: "string",
    created: "2026-01-01T00:00:00Z",
    settings: {},
    parts: {},
    variants,
  };
}

test("the fastest variant serves", () => {
  const bundle = manifest({ fp32: variant(60), qint8: variant(20), fp16: variant(5) });
  expect(chooseVariant(bundle, ["fp32", "qint8"])).toBe("qint8");
});

test("a small catalogue stays in fp32, where int8 gains nothing", () => {
  expect(chooseVariant(manifest({ fp32: variant(2), qint8: variant(3) }), ["fp32", "qint8"])).toBe(
    "fp32",
  );
});

test("a variant outside its gate is passed over", () => {
  const bundle = manifest({ fp32: variant(60), qint8: variant(20, 0.9) });
  expect(chooseVariant(bundle, ["fp32", "qint8"])).toBe("fp32");
});

test("nothing that the engine runs: the message says both sides", () => {
  expect(() => chooseVariant(manifest({ fp32: variant(1) }), ["fp16"])).toThrow(
    "m 1 has no variant for this engine: it runs fp16, the bundle has fp32",
  );
});
