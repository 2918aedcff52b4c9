import { join } from "node:path";
import { ServingError } from "../../proto/serving-error.ts";
import { defaultGate, outsideGate } from "./gate.ts";
import type { Gate } from "./gate.ts";
import type { Manifest, Variant, VariantName } from "./manifest.ts";

/** A model version on disk. Its folder never changes: another version is another folder. */
export interface Bundle {
  readonly dir: string;
  readonly manifest: Manifest;
}

export const manifestFile = "bundle.json";

export function partFile(bundle: Bundle, part: string): string {
  const { model, version, parts } = bundle.manifest;
  if (Object.hasOwn(parts, part)) return join(bundle.dir, parts[part]!.file);
  const known = Object.keys(parts).join(", ");
  throw new ServingError("NOT_FOUND", `${model} ${version} has no part ${part}; it has ${known}`);
}

/** Throws when the bundle lacks the variant or when its passport is outside the gate. */
export function variantOf(bundle: Bundle, name: VariantName, gate: Gate = defaultGate): Variant {
  const { model, version, variants } = bundle.manifest;
  const variant = variants[name];
  if (variant === undefined) {
    const known = Object.keys(variants).join(", ");
    throw new ServingError(
      "NOT_FOUND",
      `${model} ${version} has no ${name} variant; it has ${known}`,
    );
  }
  const broken = outsideGate(variant.passport, variants.fp32!.passport, gate);
  if (broken.length === 0) return variant;
  const figures = broken.map((rule) => `  - ${rule}`).join("\n");
  throw new ServingError(
    "FAILED_PRECONDITION",
    `${model} ${version} ${name} is outside its gate, serve another variant or export it again:\n${figures}`,
  );
}
