import { basename, dirname, resolve } from "node:path";
import { namePattern } from "../models/bundle/manifest.ts";

/** Where a bundle is to be written. */
export interface BundleFolder {
  readonly dir: string;
  readonly model: string;
  readonly version: string;
}

/** What `--out MODELS/MODEL/VERSION` means: the last two folders name the model and its version. */
export function bundleFolderOf(out: string): BundleFolder {
  const dir = resolve(out);
  return { dir, model: basename(dirname(dir)), version: basename(dir) };
}

/** Why nothing can be written there; undefined: it can. */
export function misnamed(out: string): string | undefined {
  const { model, version } = bundleFolderOf(out);
  return namePattern.test(model) && namePattern.test(version)
    ? undefined
    : `--out is ${out}; it must end in MODEL/VERSION, of letters, digits and . _ -`;
}

/** For commands whose settings have `--out`. */
export function outBroken(out: string | undefined): readonly string[] {
  if (out === undefined) return ["nowhere to write to: give --out"];
  const problem = misnamed(out);
  return problem === undefined ? [] : [problem];
}
