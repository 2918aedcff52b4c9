import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";

/** Where programs are that were built here. */
export const goPrograms = join(cacheFolder, "bin");

/** A program's path: the machine's own, or the one that `installGoProgram` built. */
export function findGoProgram(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), goPrograms];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** Builds it with Go, outside the repository. @param module With its version. */
export function installGoProgram(module: string): void {
  const env = { ...process.env, GOBIN: goPrograms };
  execFileSync("go", ["install", module], { env, stdio: ["ignore", "ignore", "inherit"] });
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
