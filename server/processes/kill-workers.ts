import cluster from "node:cluster";

/** All worker processes of this one, at once, whatever they do. */
export function killWorkers(): void {
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill("SIGKILL");
}
