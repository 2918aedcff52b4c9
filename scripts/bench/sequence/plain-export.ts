import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cacheFolder } from "../../../e2e/cache-folder.ts";

const run = promisify(execFile);
const script = fileURLToPath(new URL("plain_export.py", import.meta.url));

/** There is nothing to compare with; its message says what to do. */
export class NoPyTorch extends Error {}

/**
 * The same model as PyTorch exports it, kept outside the tree.
 * Throws NoPyTorch where there is none.
 */
export async function plainExport(trainedDir: string): Promise<string> {
  const hash = createHash("sha256").update(await readFile(script));
  for (const file of ["model.json", "model.safetensors"])
    hash.update(await readFile(join(trainedDir, file)));
  const path = join(cacheFolder, "plain-exports", `${hash.digest("hex").slice(0, 16)}.onnx`);
  if (existsSync(path)) return path;
  await mkdir(dirname(path), { recursive: true });
  console.log("Exporting the same model with PyTorch, once");
  // Made aside, so that an interrupted export is not taken for one.
  const aside = `${path}.new`;
  const [program, ...args] = python();
  try {
    await run(program, [...args, script, trainedDir, aside], { maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stderr = "", message } = error as Error & { readonly stderr?: string };
    throw new NoPyTorch(howToGet(stderr === "" ? message : stderr), { cause: error });
  }
  await rename(aside, path);
  return path;
}

/** One that has what the script needs, or uv, which gets it as the script's head says. */
function python(): readonly [string, ...string[]] {
  const named = process.env["CROSSFADE_PYTHON"];
  return named === undefined ? ["uv", "run", "--quiet", "--no-project", "--script"] : [named];
}

function howToGet(said: string): string {
  return `PyTorch did not export the model:
${said.trim().split("\n").slice(-6).join("\n")}
The script needs uv ("pip install uv"), which gets PyTorch and onnx by itself, or CROSSFADE_PYTHON: a Python that has torch, onnx and onnxscript.`;
}
