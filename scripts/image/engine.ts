import { type Ran, runCommand } from "./run-command.ts";

/** A program that builds and runs containers, and answers here. */
export interface ContainerEngine {
  readonly name: string;
  run(args: readonly string[]): Promise<Ran>;
}

/** An engine, and how it runs containers on this machine. */
export interface WayToRun {
  readonly engine: ContainerEngine;
  /** Of its `run`. */
  readonly flags: readonly string[];
}

const names = ["podman", "docker"];

/** @param wanted One of them; else whichever answers. */
export async function findEngine(
  wanted: string | undefined,
): Promise<ContainerEngine | { readonly why: string }> {
  if (wanted !== undefined && !names.includes(wanted)) {
    throw new Error(`--engine is ${wanted}; it must be one of ${names.join(", ")}`);
  }
  const reasons: string[] = [];
  for (const name of wanted === undefined ? names : [wanted]) {
    const run = (args: readonly string[]) => runCommand(name, args);
    const answer = await run(["info"]);
    if (answer.ok) return { name, run };
    reasons.push(`${name}: ${lastLine(answer.stderr)}`);
  }
  return { why: `no container engine answers here (${reasons.join("; ")})` };
}

const lowLimits = ["--ulimit", "nofile=4096:4096", "--ulimit", "nproc=4096:4096"];

/** From the plain one to what sandboxes and machines without user namespaces need. */
const waysToRun: readonly (readonly string[])[] = [
  [],
  ["--runtime", "runc"],
  ["--runtime", "runc", ...lowLimits],
];

/** Finds out by running the image; throws when no way works. */
export async function chooseWayToRun(engine: ContainerEngine, image: string): Promise<WayToRun> {
  const reasons: string[] = [];
  for (const flags of waysToRun) {
    const ran = await engine.run([
      "run",
      "--rm",
      "--network",
      "host",
      ...flags,
      image,
      "--version",
    ]);
    if (ran.ok) return { engine, flags };
    reasons.push(`${[engine.name, "run", ...flags].join(" ")}: ${lastLine(ran.stderr)}`);
  }
  throw new Error(`containers of ${image} do not start:\n${reasons.join("\n")}`);
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
