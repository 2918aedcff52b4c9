import { availableParallelism, cpus, release, totalmem, type } from "node:os";

/** For people, e.g. "AMD EPYC 7B13, 2 cores, 8 GB, Linux 6.1.0". */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() || process.arch;
  const cores = availableParallelism();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${cores} ${cores === 1 ? "core" : "cores"}, ${gigabytes} GB, ${type()} ${release()}`;
}

export function describeVersions(): string {
  return `node ${process.versions.node}, V8 ${process.versions.v8}`;
}
