import { ServingError } from "../../proto/serving-error.ts";
import { outsideGate } from "./gate.ts";
import { variantNames, type Manifest, type VariantName } from "./manifest.ts";
import type { Passport } from "./passport.ts";

/**
 * The variant to serve when nobody chose one: of those that are inside their gate, the one whose passport shows the most rows per
 * second. fp32 is always inside.
 * @param runnable What the engine can run, e.g. no fp16 on a CPU.
 */
export function chooseVariant(manifest: Manifest, runnable: readonly VariantName[]): VariantName {
  const { model, version, variants } = manifest;
  const fp32 = variants.fp32?.passport;
  const fit = variantNames.filter((name) => {
    const passport = variants[name]?.passport;
    if (passport === undefined || !runnable.includes(name)) return false;
    return fp32 === undefined || outsideGate(passport, fp32).length === 0;
  });
  const [fastest] = fit.toSorted(
    (a, b) => rowsPerMs(variants[b]!.passport) - rowsPerMs(variants[a]!.passport),
  );
  if (fastest !== undefined) return fastest;
  const held = Object.keys(variants).join(", ");
  throw new ServingError(
    "FAILED_PRECONDITION",
    `${model} ${version} has no variant for this engine: it runs ${runnable.join(", ")}, the bundle has ${held}`,
  );
}

/** At its best batch. */
function rowsPerMs({ latency }: Passport): number {
  const rates = Object.entries(latency.batchMs).map(([rows, ms]) => Number(rows) / ms);
  return Math.max(0, ...rates);
}
