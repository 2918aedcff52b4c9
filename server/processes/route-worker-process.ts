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
/** Past the time that calls have to finish: a drain may have been waiting for balancers when the primary went. */
const orphanMs = 5_000;

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
    void routing.then((worker) => worker.orphaned(), end);
  });
  tell({ kind: "hello" });
  await routing.catch(fail);
}

function end(): void {
  process.exit();
}

/** The primary says why. */
function fail(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  process.exitCode = 1;
  if (process.connected) process.send!({ kind: "failed", reason }, undefined, undefined, end);
  else end();
}

interface Routing {
  /** The primary is gone. */
  orphaned(): void;
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
  const close = createClose(calls, log);
  const stop = (delayMs?: number) => void close(delayMs).then(end, end);
  stopOnSignals(close, { log });

  return {
    orphaned() {
      // Nobody sends connections any more: there is nothing to wait for.
      stop(0);
      setTimeout(end, config.drainMs + orphanMs).unref();
    },
    hear(message) {
      try {
        if (message.kind === "apply") router.apply(message.distribution);
        if (message.kind === "lower") router.lower(message.model, message.lowered);
      } catch (error) {
        // The primary has judged it by the same rules; reports tell that this worker does not go by it.
        log.error("a change is refused by a worker; what holds stays", { error });
      }
      if (message.kind === "metrics")
        void metrics
          .snapshot()
          .then((snapshot) => tell({ kind: "metrics", id: message.id, metrics: snapshot }));
      else if (message.kind === "stop") stop();
      else report();
    },
  };
}

function createClose(calls: RouteCalls, log: Log): (delayMs?: number) => Promise<void> {
  let closing: Promise<void> | undefined;

  async function close(delayMs?: number): Promise<void> {
    log.debug("draining");
    await calls.drain(delayMs);
    await calls.close();
  }

  return (delayMs) => (closing ??= close(delayMs));
}

void main();
