import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runProgram } from "./program.ts";
import type { ClientLoad, Place, Spent, SubjectKind } from "./subject.ts";

const program = "h2load";

/** nghttp2's load generator, in C: it repeats bytes, and looks at HTTP statuses only. */
export const h2load: SubjectKind = {
  name: program,
  async open({ scratch }: Place) {
    if (spawnSync(program, ["--version"]).error) return "h2load is not installed (nghttp2-client)";
    return {
      name: program,
      run: (load) => run(load, join(scratch, "h2load-request")),
      async [Symbol.asyncDispose]() {},
    };
  },
};

async function run(load: ClientLoad, file: string): Promise<Spent> {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(load.request.length, 1);
  await writeFile(file, Buffer.concat([head, load.request]));
  const { output, cpuMs } = await runProgram(program, [
    "--threads=1",
    `--clients=${load.connections}`,
    `--max-concurrent-streams=${load.streams}`,
    `--duration=${load.forMs}ms`,
    `--data=${file}`,
    "--header=content-type: application/grpc",
    "--header=te: trailers",
    `http://${load.address}${load.path}`,
  ]);
  const count = (what: string) => Number(new RegExp(`(\\d+) ${what}`).exec(output)?.[1] ?? 0);
  return { calls: count("succeeded"), failed: count("failed"), cpuMs };
}
