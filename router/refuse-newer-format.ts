import { ServingError } from "../proto/serving-error.ts";

/** Throws FAILED_PRECONDITION for a format that is newer than what this build knows: what it would mean is not known here. */
export function refuseNewerFormat(source: string, format: unknown, known: number): void {
  if (!Number.isSafeInteger(format) || (format as number) <= known) return;
  throw new ServingError(
    "FAILED_PRECONDITION",
    `${source} has format ${String(format)}, which a newer Crossfade wrote; this one knows ` +
      `format ${known}: update it, and do not go back to older builds`,
  );
}
