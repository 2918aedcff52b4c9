import type { Manifest, Variant } from "../../models/bundle/manifest.ts";

/** What each form takes on a disk, and how much of fp32's that is; then the same without ids and names, which are as they are. */
export function bundleSizes(
  { parts, variants }: Pick<Manifest, "parts" | "variants">,
  idParts: readonly string[],
): string {
  const ofIds = (variant: Variant) =>
    idParts
      .filter((part) => variant.parts.includes(part))
      .reduce((sum, part) => sum + parts[part]!.bytes, 0);
  const [whole, wholeOfIds] = [variants.fp32!.passport.bytes, ofIds(variants.fp32!)];
  return Object.entries(variants)
    .map(([name, variant]) => {
      const { bytes } = variant.passport;
      const rest = share(bytes - ofIds(variant), whole - wholeOfIds);
      return `  ${name.padEnd(5)}  ${share(bytes, whole)}; without ids and titles ${rest}`;
    })
    .join("\n");
}

function share(bytes: number, whole: number): string {
  const [size, percent] = [(bytes / 1e6).toFixed(2), ((100 * bytes) / whole).toFixed(0)];
  return `${size.padStart(7)} MB, ${percent.padStart(3)}%`;
}
