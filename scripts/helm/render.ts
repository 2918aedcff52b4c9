import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findGoProgram } from "../../e2e/go-program.ts";
import { chart, type environments } from "./paths.ts";

const run = promisify(execFile);

/** Helm said no; what it said is the message. */
export class HelmRefusal extends Error {}

/** Undefined: there is no helm here. */
export const helm = findGoProgram("helm");

/** What `helm template` makes of values; rejects with a HelmRefusal. */
export async function render(args: readonly string[], program = helm): Promise<string> {
  const into = ["--namespace", "crossfade", "--kube-version", "1.36.0"];
  const all = ["template", "crossfade", chart, ...into, ...args];
  try {
    const { stdout } = await run(program!, all, { maxBuffer: 64 * 2 ** 20 });
    return stdout;
  } catch (error) {
    throw new HelmRefusal((error as { stderr: string }).stderr);
  }
}

export function overlayOf(environment: (typeof environments)[number]): readonly string[] {
  return ["--values", `${chart}/values-${environment}.yaml`];
}
