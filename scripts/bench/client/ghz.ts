import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findGoProgram, installGoProgram } from "../../../e2e/go-program.ts";
import { runProgram } from "./program.ts";
import type { ClientLoad, Place, Spent, SubjectKind } from "./subject.ts";

const protos = fileURLToPath(new URL("../../../proto", import.meta.url));
const module = "github.com/bojand/ghz/cmd/ghz@v0.121.0";

/** The gRPC load generator that most people know, in Go over grpc-go. */
export const ghz: SubjectKind = {
  name: "ghz",
  async open({ scratch }: Place) {
    const program = findGhz();
    if (program === undefined) return "ghz is not installed, and there is no Go to build it with";
    return {
      name: "ghz",
      run: (load) => run(load, program, join(scratch, "ghz-request")),
      async [Symbol.asyncDispose]() {},
    };
  },
};

/** Undefined where it is not and cannot be built. */
export function findGhz(): string | undefined {
  const found = findGoProgram("ghz");
  if (found !== undefined || spawnSync("go", ["version"]).error) return found;
  installGoProgram(module);
  return findGoProgram("ghz");
}

interface Report {
  readonly count: number;
  readonly statusCodeDistribution: Readonly<Record<string, number>>;
}

async function run(load: ClientLoad, program: string, file: string): Promise<Spent> {
  await writeFile(file, load.request);
  const { output, cpuMs } = await runProgram(program, [
    "--insecure",
    `--import-paths=${protos}`,
    "--proto=crossfade/v1/recommender.proto",
    `--call=${load.path.slice(1)}`,
    `--binary-file=${file}`,
    `--connections=${load.connections}`,
    `--concurrency=${load.connections * load.streams}`,
    `--duration=${load.forMs}ms`,
    "--duration-stop=wait",
    "--format=json",
    load.address,
  ]);
  const { count, statusCodeDistribution } = JSON.parse(output) as Report;
  const calls = statusCodeDistribution["OK"] ?? 0;
  return { calls, failed: count - calls, cpuMs };
}
