import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

const version = "v1.9.3";
const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "crossfade", "bin");

/** grpcurl's path: the machine's own, or the one that `installGrpcurl` built. */
export function findGrpcurl(): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), cache];
  return folders.map((folder) => join(folder, "grpcurl")).find(isExecutable);
}

/** Builds it with Go, outside the repository. */
export function installGrpcurl(): void {
  const env = { ...process.env, GOBIN: cache };
  const module = `github.com/fullstorydev/grpcurl/cmd/grpcurl@${version}`;
  execFileSync("go", ["install", module], { env, stdio: ["ignore", "ignore", "inherit"] });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
