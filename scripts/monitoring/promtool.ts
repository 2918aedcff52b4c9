import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findGoProgram } from "../../e2e/go-program.ts";

const run = promisify(execFile);

/** Prometheus' own tool: the machine's, or the one that `npm test` brought. */
export const findPromtool = (): string | undefined => findGoProgram("promtool");

/** Rejects with what it says when it finds something wrong. */
export async function promtool(...args: readonly string[]): Promise<void> {
  await run(findPromtool()!, args).catch((error: unknown) => {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(`promtool ${args.join(" ")}:\n${stdout}${stderr}`);
  });
}

/** Rejects when one of these does not parse. */
export async function assertParse(expressions: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "crossfade-promtool-"));
  try {
    const rules = expressions.map((expr, index) => ({ record: `expression:${index}`, expr }));
    const file = join(folder, "rules.json");
    await writeFile(file, JSON.stringify({ groups: [{ name: "expressions", rules }] }));
    await promtool("check", "rules", file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

// Where it may not be missing, it is not skipped: the tests then fail for want of it.
export const isPromtoolMissing = findPromtool() === undefined && !process.env["CI"];
export const whyNoPromtool = isPromtoolMissing
  ? " (skipped: no promtool here; npm test says how to get it)"
  : "";
