import { newestFirst } from "../../backends/newest-first.ts";

/** A version folder as it lies on disk. */
export interface VersionOnDisk {
  readonly version: string;
  /** Changes when the folder is replaced: a failed version is then worth another try, a loaded one is loaded anew. */
  readonly fingerprint: string;
}

export interface PlanInput {
  readonly onDisk: readonly VersionOnDisk[];
  /** With the fingerprint that it had when it was loaded. */
  readonly loaded: readonly VersionOnDisk[];
  /** With the fingerprint that it had when it failed. */
  readonly failed: readonly VersionOnDisk[];
  /** How many stay loaded. */
  readonly keep: number;
}

export interface VersionPlan {
  /** The newest first. */
  readonly load: readonly VersionOnDisk[];
  readonly unload: readonly string[];
}

/**
 * Keeps the newest `keep` versions that can be loaded. Versions are compared naturally: "10" is newer than "9", "v1.10"
 * than "v1.9", "2025-02-01" than "2025-01-31". A version goes when its successors are loaded, or when it left the disk;
 * one that was replaced by something that fails stays as it was loaded.
 */
export function planVersions({ onDisk, loaded, failed, keep }: PlanInput): VersionPlan {
  const wanted = onDisk
    .filter((one) => !holds(failed, one) || names(loaded, one))
    .toSorted((a, b) => newestFirst(a.version, b.version))
    .slice(0, keep);
  const load = wanted.filter((one) => !holds(loaded, one) && !holds(failed, one));
  const unload = loaded.filter(
    (one) => !names(wanted, one) && (load.length === 0 || !names(onDisk, one)),
  );
  return { load, unload: unload.map(({ version }) => version) };
}

function names(list: readonly VersionOnDisk[], { version }: VersionOnDisk): boolean {
  return list.some((one) => one.version === version);
}

function holds(list: readonly VersionOnDisk[], { version, fingerprint }: VersionOnDisk): boolean {
  return list.some((one) => one.version === version && one.fingerprint === fingerprint);
}
