import cluster from "node:cluster";
import { processArguments } from "../../models/start-worker.ts";

/** Connections go round: each worker gets the next one. */
export function prepareCluster(): void {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  const args = processArguments("route-worker-process", import.meta.url);
  const isCompiled = args.length === 1;
  cluster.setupPrimary({
    exec: isCompiled ? args[0]! : "route-worker",
    // From source the flags are those that run it; compiled, workers get what this process was given, e.g. the heap's size.
    execArgv: isCompiled ? process.execArgv : [...args],
    args: [],
    serialization: "advanced",
  });
}
