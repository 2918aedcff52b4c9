import cluster from "node:cluster";
import type { Router } from "../../router/router.ts";
import { createLog, type Log } from "../log/log.ts";
import { createMetrics } from "../metrics/metrics.ts";
import { openRouteCalls, type RouteCalls } from "../routing/route-calls.ts";
import { stopOnSignals } from "../stop-on-signals.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

// One of the processes of `crossfade route --processes N`. It is told everything by its primary.

type Start = Extract<ToWorker, { readonly kind: "start" }>;

const reportMs = 1_000;

function tell(message: FromWorker): void {
  // The primary may be gone.
  if (process.connected) process.send!(message, undefined, undefined, () => {});
}

async function main(): Promise<void> {
  let begin!: (start: Start) => void;
  const start = new Promise<Start>((resolve) => (begin = resolve));
  const routing = start.then(startRouting);
  const hear = (message: Exclude<ToWorker, Start>) =>
    void routing.then(
      (worker) => worker.hear(message),
      () => {},
    );
  process.on("message", (message: ToWorker) => {
    if (message.kind === "start") begin(message);
    // What comes before is in the start.
    else hear(message);
  });
  cluster.worker!.once("disconnect", () => {
    // Node would end it at once; calls in flight may finish.
    cluster.worker!.exitedAfterDisconnect = true;
    hear({ kind: "stop" });
  });
  tell({ kind: "hello" });
  await routing.catch(fail);
}

function end(): void {
  process.exit(1);
}

/** The primary says why. */
function fail(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  if (process.connected) process.send!({ kind: "failed", reason }, undefined, undefined, end);
  else end();
}

interface Routing {
  hear(message: Exclude<ToWorker, Start>): void;
}

async function startRouting({ config, state }: Start): Promise<Routing> {
  const log = createLog({ level: config.logLevel }).child({ worker: cluster.worker!.id });
  const metrics = createMetrics(log);
  let router: Router;
  const calls = await openRouteCalls(config, {
    metrics,
    log,
    async prepare(opened) {
      router = opened;
      for (const distribution of state.distributions) router.apply(distribution);
      for (const [model, lowered] of Object.entries(state.lowered)) router.lower(model, lowered);
    },
  });
  const report = () => tell({ kind: "report", isReady: calls.isReady(), models: router.report() });
  report();
  tell({ kind: "listening", addresses: calls.addresses });
  setInterval(report, reportMs).unref();
  void calls.started.then(() => {
    report();
    tell({ kind: "started" });
  });
  const stop = createStop(calls, log);
  stopOnSignals(stop, { log });

  return {
    hear(message) {
      if (message.kind === "apply") router.apply(message.distribution);
      if (message.kind === "lower") router.lower(message.model, message.lowered);
      if (message.kind === "metrics")
        void metrics
          .snapshot()
          .then((snapshot) => tell({ kind: "metrics", id: message.id, metrics: snapshot }));
      else if (message.kind === "stop") void stop().then(() => process.exit(0));
      else report();
    },
  };
}

function createStop(calls: RouteCalls, log: Log): () => Promise<void> {
  let stopping: Promise<void> | undefined;

  async function stop(): Promise<void> {
    log.debug("draining");
    await calls.drain();
    await calls.close();
  }

  return () => (stopping ??= stop());
}

void main();
