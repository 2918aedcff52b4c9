import cluster, { type Worker as ForkedWorker } from "node:cluster";
import { EventEmitter, once } from "node:events";
import type { Addresses } from "../front.ts";
import type { RouteConfig } from "../config/route-schema.ts";
import type { MetricsSnapshot } from "../metrics/merge-metrics.ts";
import type { FromWorker, ModelReports, RoutedState, ToWorker } from "./messages.ts";

export interface StartWorkerOptions {
  readonly config: RouteConfig;
  /** What it begins with, as of when it asks. */
  readonly state: () => RoutedState;
  /** It reported, listens, or is gone. */
  readonly changed: () => void;
}

/** One worker process, as its primary sees it. */
export interface Worker {
  /** Never used twice. */
  readonly id: number;
  /** Undefined: it could not be started. */
  readonly pid: number | undefined;
  /** Undefined until it listens. */
  addresses(): Addresses | undefined;
  /** It can answer, as of its last report. */
  isReady(): boolean;
  /** As of its last report. */
  models(): ModelReports;
  /** On the clock of `performance.now()`: when it was heard of last. */
  heardMs(): number;
  tell(message: ToWorker): void;
  /** Undefined when it does not answer in time. */
  metrics(): Promise<MetricsSnapshot | undefined>;
  kill(): void;
  /** Rejects with why it cannot start. */
  readonly listening: Promise<void>;
  /** Every server has been heard of, or has been found missing. */
  readonly started: Promise<void>;
  /** Resolves with how it ended. */
  readonly ended: Promise<string>;
}

const metricsTimeoutMs = 2_000;

export function startWorker({ config, state, changed }: StartWorkerOptions): Worker {
  const forked = cluster.fork();
  const line = new EventEmitter();
  const heard = { atMs: performance.now(), isReady: false, models: {} as ModelReports };
  let addresses: Addresses | undefined;
  let reason: string | undefined;
  const tell = (message: ToWorker) => send(forked, message);
  const said = (kind: FromWorker["kind"]) => once(line, kind).then(() => {});
  const handle: { [Kind in FromWorker["kind"]]?: (message: FromWorkerOf<Kind>) => void } = {
    hello: () => tell({ kind: "start", config, state: state() }),
    listening: (message) => (addresses = message.addresses),
    report: ({ isReady, models }) => Object.assign(heard, { isReady, models }),
    failed: (message) => (reason = message.reason),
  };
  forked.on("message", (message: FromWorker) => {
    heard.atMs = performance.now();
    (handle[message.kind] as ((message: FromWorker) => void) | undefined)?.(message);
    line.emit(message.kind, message);
    changed();
  });
  const ended = endOf(forked);
  void ended.then(changed);
  const listening = said("listening");
  const died = ended.then((how) => {
    throw new Error(reason ?? `worker ${forked.id} ended with ${how} before it listened`);
  });
  return {
    id: forked.id,
    pid: forked.process.pid,
    addresses: () => addresses,
    isReady: () => heard.isReady,
    models: () => heard.models,
    heardMs: () => heard.atMs,
    tell,
    metrics: () => Promise.race([askForMetrics(tell, line), ended.then(() => undefined)]),
    kill: () => void forked.process.kill("SIGKILL"),
    listening: settled(Promise.race([listening, died])),
    started: settled(Promise.race([said("started"), died])),
    ended,
  };
}

type FromWorkerOf<Kind> = Extract<FromWorker, { readonly kind: Kind }>;

/** Nobody need listen to how it ends. */
function settled<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}

async function endOf(forked: ForkedWorker): Promise<string> {
  // Without this listener, a worker that cannot even be started would take its primary along.
  forked.on("error", () => {});
  const [code, signal] = (await once(forked.process, "exit")) as [number | null, string | null];
  return signal === null ? `code ${code}` : `signal ${signal}`;
}

/** One that is gone hears nothing. */
function send(forked: ForkedWorker, message: ToWorker): void {
  if (forked.isConnected()) forked.send(message, () => {});
}

let asked = 0;

async function askForMetrics(
  tell: (message: ToWorker) => void,
  line: EventEmitter,
): Promise<MetricsSnapshot | undefined> {
  const id = (asked += 1);
  const signal = AbortSignal.timeout(metricsTimeoutMs);
  tell({ kind: "metrics", id });
  return new Promise((resolve) => {
    const done = (metrics: MetricsSnapshot | undefined) => {
      line.off("metrics", look);
      resolve(metrics);
    };
    const look = (message: FromWorkerOf<"metrics">) => {
      if (message.id === id) done(message.metrics);
    };
    line.on("metrics", look);
    signal.addEventListener("abort", () => done(undefined), { once: true });
  });
}
