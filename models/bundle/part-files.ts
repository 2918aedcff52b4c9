import { realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Bundle } from "./bundle.ts";
import { partProblem } from "./check-part.ts";
import { refusal } from "./parse-manifest.ts";

/** The files of a bundle, from before their checksums were compared until nobody reads them any more. */
export interface PartFiles {
  /**
   * Files that were written to since their checksums were right. One that was removed or replaced is not among them:
   * what was mapped of it stays as it was.
   */
  overwritten(): Promise<readonly string[]>;
  /** Rejects, with all problems at once, unless every part is what the manifest says; reads those that may not be. */
  verify(signal?: AbortSignal): Promise<void>;
}

/** Without a time of its own a file counts as never seen. */
interface Seen {
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
}

export function createPartFiles({ dir, manifest }: Bundle): PartFiles {
  const parts = Object.entries(manifest.parts);
  /** How a file looked before its checksum turned out to be right, by part. */
  const seen = new Map<string, Seen>();

  return {
    async overwritten() {
      const files: string[] = [];
      for (const [name, { file }] of parts) {
        const [before, now] = [seen.get(name), await look(join(dir, file))];
        if (before?.ino === now?.ino && !isSame(before, now)) files.push(file);
      }
      return files;
    },
    async verify(signal) {
      const root = await realpath(dir);
      const problems: string[] = [];
      for (const [name, part] of parts) {
        const found = await look(join(root, part.file));
        if (isSame(seen.get(name), found)) continue;
        const problem = await partProblem(root, part, signal);
        if (problem !== undefined) problems.push(`parts.${name}: ${part.file} ${problem}`);
        else if (found !== undefined) seen.set(name, found);
      }
      if (problems.length > 0) throw refusal(dir, problems);
    },
  };
}

/** Undefined for what cannot be looked at: `partProblem` says why. */
async function look(file: string): Promise<Seen | undefined> {
  return stat(file, { bigint: true }).catch(() => undefined);
}

function isSame(one: Seen | undefined, other: Seen | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return one.ino === other.ino && one.size === other.size && one.mtimeNs === other.mtimeNs;
}
