import type { Request } from "autocannon";
import { describeMachine } from "../engine/machine.ts";
import { resultOf } from "../engine/result-of.ts";
import { interruption, type RunOptions } from "../engine/run.ts";
import { monitorHealth } from "../engine/threads/thread-health.ts";
import { formatCount } from "../../display/figures.ts";
import type { RunPlan } from "../run-plan.ts";
import type { EarlyEnd, GeneratorInfo, RunResult } from "../run-result.ts";
import { openSenders } from "../senders/open-senders.ts";
import { countReplies, type ReplyCount } from "./count-replies.ts";
import type { Suite, SuiteRequest } from "./suite.ts";

export interface SuiteRun extends RunOptions {
  readonly name: string;
  readonly suite: Suite;
  /** HOST:PORT of an HTTP gateway. */
  readonly target: string;
  readonly model: string;
  readonly seed: number;
  /** Calls before anything is counted. */
  readonly warmUpMs: number;
  /** Default: the suite's own. */
  readonly connections?: number;
  readonly forMs?: number;
}

const timeoutMs = 10_000;
const progressMs = 500;
/** In a row: the target is gone, and autocannon would try for ever. */
const mostBroken = 1_000;

/**
 * Sends a suite by autocannon. What it tells of each reply is counted, in ms with fractions; its own histogram has whole
 * ones. Rejects with UNAVAILABLE when the target cannot be reached.
 */
export async function runSuite(options: SuiteRun): Promise<RunResult> {
  const { suite, model, seed, warmUpMs, signal, onProgress } = options;
  const requests = suite.requests({ model, seed });
  const plan = planOf(options, requests);
  await assertReachable(plan);
  const startedAtMs = Date.now() + warmUpMs;
  const startedMs = performance.now() + warmUpMs;
  const elapsedMs = () => performance.now() - startedMs;
  const counted = countReplies(plan);
  const health = monitorHealth(() => 0);
  const sending = await send({ plan, requests, counted, elapsedMs });
  const interrupt = () => sending.stop(interruption(plan, elapsedMs()));
  signal?.addEventListener("abort", interrupt, { once: true });
  if (signal?.aborted) interrupt();
  const timer = setInterval(() => {
    const leftMs = Math.max(0, plan.schedule.forMs - elapsedMs());
    onProgress?.({ ...counted.glance(), elapsedMs: elapsedMs(), leftMs });
  }, progressMs);
  try {
    const early = await sending.ended;
    const result = resultOf(plan, [
      {
        part: counted.part(),
        threads: [health.end()],
        startedAtMs,
        generator: generatorInfo(),
        ...(early && { ended: early, stoppedMs: Math.max(0, elapsedMs()) }),
      },
    ]);
    return { ...result, about: { ...result.about, method: routesOf(requests) } };
  } finally {
    clearInterval(timer);
    signal?.removeEventListener("abort", interrupt);
  }
}

function routesOf(requests: readonly SuiteRequest[]): string {
  return Array.from(new Set(requests.map(({ method, path }) => `${method} ${path}`))).join(", ");
}

function generatorInfo(): GeneratorInfo {
  const machine = describeMachine();
  return { name: "autocannon in this process", machine, clockAheadMs: 0, clockErrorMs: 0 };
}

function goneMessage(error: Error): string {
  return `${formatCount(mostBroken)} connections in a row failed: ${error.message}`;
}

type ClosedPlan = RunPlan & { readonly schedule: { readonly kind: "closed"; forMs: number } };

function planOf(options: SuiteRun, requests: readonly SuiteRequest[]): ClosedPlan {
  const { name, suite, target, seed, warmUpMs } = options;
  const connections = options.connections ?? suite.connections;
  const forMs = options.forMs ?? suite.forMs;
  const { method, path } = requests[0]!;
  return {
    name,
    targets: [target],
    workload: {
      name: `autocannon, ${requests.length} different requests`,
      call: { transport: "http", method, path },
      requests: [new Uint8Array()],
      metadata: {},
      replies: "opaque",
    },
    schedule: { kind: "closed", streams: connections, forMs },
    seed,
    warmUpMs,
    connections,
    streamsPerConnection: 1,
    deadlineMs: timeoutMs,
    workers: 1,
  };
}

async function assertReachable(plan: RunPlan): Promise<void> {
  const sender = openSenders(plan)(plan.targets[0]!, { answered() {}, failed() {} });
  try {
    await sender.connect();
  } finally {
    sender.close();
  }
}

interface Sending {
  readonly plan: ClosedPlan;
  readonly requests: readonly SuiteRequest[];
  readonly counted: ReplyCount;
  readonly elapsedMs: () => number;
}

interface Sent {
  /** Resolves to why it ended early, if it did. */
  readonly ended: Promise<EarlyEnd | undefined>;
  stop(end: EarlyEnd): void;
}

/** Autocannon is given no rate, by anybody. */
async function send({ plan, requests, counted, elapsedMs }: Sending): Promise<Sent> {
  const { default: autocannon } = await import("autocannon");
  // Of the reply whose event comes next.
  let last: { readonly request: SuiteRequest; readonly body: string } | undefined;
  let broken = 0;
  let early: EarlyEnd | undefined;
  const instance = autocannon({
    url: `http://${plan.targets[0]}`,
    connections: plan.connections,
    duration: (plan.warmUpMs + plan.schedule.forMs) / 1_000,
    timeout: timeoutMs / 1_000,
    sampleInt: 100,
    requests: requests.map((request) =>
      toAutocannon(request, (body) => (last = { request, body })),
    ),
  }) as unknown as Emitter;

  function stop(end: EarlyEnd): void {
    early ??= end;
    instance.stop();
  }

  instance.on("response", (...[, status, , tookMs]) => {
    broken = 0;
    counted.answered({ ...last!, status, tookMs, endedMs: elapsedMs() });
  });
  instance.on("reqError", (error) => {
    counted.broke(error, elapsedMs());
    if (++broken === mostBroken) stop({ by: "silence", because: goneMessage(error) });
  });
  return { stop, ended: new Promise((resolve) => instance.on("done", () => resolve(early))) };
}

/** Its published types have neither the fractions of times nor the errors. */
interface Emitter {
  on(
    event: "response",
    hear: (...told: [client: unknown, status: number, bytes: number, tookMs: number]) => void,
  ): void;
  on(event: "reqError", hear: (error: Error) => void): void;
  on(event: "done", hear: () => void): void;
  stop(): void;
}

function toAutocannon(
  { method, path, body }: SuiteRequest,
  onBody: (body: string) => void,
): Request {
  return {
    method,
    path,
    ...(body !== undefined && { body, headers: { "content-type": "application/json" } }),
    onResponse: (_status, text) => onBody(text),
  };
}
