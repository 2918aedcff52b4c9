import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The sources as `npm run build` compiles them: what runs in production, without the compiler in the process. */
export interface CompiledServer extends AsyncDisposable {
  readonly dir: string;
}

export async function compileServer(): Promise<CompiledServer> {
  // Inside the repository, where its imports find node_modules.
  await mkdir(join(root, ".crossfade"), { recursive: true });
  const dir = await mkdtemp(join(root, ".crossfade", "bench-"));
  const compiler = join(
    dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
    "bin/tsc",
  );
  const project = join(root, "tsconfig.build.json");
  await promisify(execFile)(process.execPath, [compiler, "-p", project, "--outDir", dir]);
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}
