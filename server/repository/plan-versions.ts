import { newestFirst } from "../../backends/newest-first.ts";

/** A version folder as it lies on disk. */
export interface VersionOnDisk {
  readonly version: string;
  /** Changes when the folder is replaced: a failed version is then worth another try, a loaded one is loaded anew. */
  readonly fingerprint: string;
}

/** A version that could not be loaded. */
export interface FailedVersion extends VersionOnDisk {
  /** It is worth another try when another version has gone. */
  readonly lacksRoom: boolean;
}

export interface PlanInput {
  readonly onDisk: readonly VersionOnDisk[];
  /** With the fingerprint that it had when it was loaded. */
  readonly loaded: readonly VersionOnDisk[];
  /** With the fingerprint that it had when it failed. */
  readonly failed: readonly VersionOnDisk[];
  /** How many of the newest stay loaded. */
  readonly keep: number;
  /** Stay loaded besides, or are loaded. */
  readonly inUse: ReadonlySet<string>;
}

export interface VersionPlan {
  /** What is in use first, then the newest. */
  readonly load: readonly VersionOnDisk[];
  readonly unload: readonly string[];
  /** What stays, or comes, for its users alone. */
  readonly kept: readonly string[];
}

/**
 * Keeps the newest `keep` versions that can be loaded, and those in use. Versions are compared naturally: "10" is newer than "9", "v1.10"
 * than "v1.9", "2025-02-01" than "2025-01-31". A version goes when its successors are loaded, or when it left the disk,
 * also while it is in use: whoever removes it wants it to go. One that was replaced by something that fails stays as it was loaded.
 */
export function planVersions({ onDisk, loaded, failed, keep, inUse }: PlanInput): VersionPlan {
  const possible = onDisk
    .filter((one) => !holds(failed, one) || names(loaded, one))
    .toSorted((a, b) => newestFirst(a.version, b.version));
  const isUsed = ({ version }: VersionOnDisk) => inUse.has(version);
  const kept = possible.slice(keep).filter(isUsed);
  const wanted = [...possible.slice(0, keep), ...kept];
  const missing = wanted.filter((one) => !holds(loaded, one) && !holds(failed, one));
  const load = [...missing.filter(isUsed), ...missing.filter((one) => !isUsed(one))];
  const unload = loaded.filter(
    (one) => !names(wanted, one) && (load.length === 0 || !names(onDisk, one)),
  );
  return { load, unload: unload.map(nameOf), kept: kept.map(nameOf) };
}

function nameOf({ version }: VersionOnDisk): string {
  return version;
}

function names(list: readonly VersionOnDisk[], { version }: VersionOnDisk): boolean {
  return list.some((one) => one.version === version);
}

function holds(list: readonly VersionOnDisk[], { version, fingerprint }: VersionOnDisk): boolean {
  return list.some((one) => one.version === version && one.fingerprint === fingerprint);
}
