import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { codeFrom, nameOf } from "../../../proto/serving-error.ts";
import { countRows } from "./count-rows.ts";
import type { Channel, OpenChannel } from "../../../transport/transport.ts";
import { type Load, type LoadReport, type OpenPace, percentiles } from "./load.ts";

/** From the parent: loads that run side by side. They end by themselves or at "stop". */
export interface GeneratorOrder {
  /** Of the compiled transport. */
  readonly dir: string;
  readonly loads: readonly Load[];
}

/** To the parent, when all have ended. */
export type GeneratorReports = readonly LoadReport[];

let stopping = new AbortController();

process.on("message", (order: GeneratorOrder | "stop") => {
  if (order === "stop") stopping.abort();
  else void obey(order);
});
process.once("disconnect", () => process.exit());

async function obey({ dir, loads }: GeneratorOrder): Promise<void> {
  const file = pathToFileURL(join(dir, "transport", "open.js")).href;
  const { openChannel } = (await import(file)) as { openChannel: OpenChannel };
  stopping = new AbortController();
  const reports = await Promise.all(loads.map((load) => run(load, openChannel)));
  process.send!(reports satisfies GeneratorReports);
}

async function run(load: Load, openChannel: OpenChannel): Promise<LoadReport> {
  const channels = Array.from({ length: load.connections }, () => openChannel(load.address));
  const record = createRecord(load);
  const startedMs = performance.now();
  const caller: Caller = { load, channels, record, startedMs, next: 0 };
  await (load.pace.kind === "open" ? runOpen(caller, load.pace) : runClosed(caller));
  const tookMs = performance.now() - startedMs;
  for (const channel of channels) channel.close();
  return record.report(tookMs);
}

interface Caller {
  readonly load: Load;
  readonly channels: readonly Channel[];
  readonly record: Record;
  readonly startedMs: number;
  /** The number of the next call. */
  next: number;
}

async function runClosed(caller: Caller): Promise<void> {
  const { pace } = caller.load;
  if (pace.kind !== "closed") return;
  const { streams, forMs = Infinity, calls = Infinity } = pace;
  const endMs = caller.startedMs + forMs;
  const stream = async () => {
    while (caller.next < calls && performance.now() < endMs && !stopping.signal.aborted)
      await call(caller, performance.now());
  };
  await Promise.all(Array.from({ length: streams }, stream));
}

async function runOpen(caller: Caller, { perSecond, forMs = Infinity }: OpenPace): Promise<void> {
  const inFlight = new Set<Promise<void>>();
  while (!stopping.signal.aborted) {
    const afterMs = (1_000 * caller.next) / perSecond;
    if (afterMs > forMs) break;
    const dueMs = caller.startedMs + afterMs;
    const waitMs = dueMs - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    const sent = call(caller, dueMs).finally(() => inFlight.delete(sent));
    inFlight.add(sent);
  }
  await Promise.all(inFlight);
}

async function call(caller: Caller, dueMs: number): Promise<void> {
  const { load, channels, record } = caller;
  const { path, requests, deadlineMs } = load;
  const number = caller.next++;
  const channel = channels[number % channels.length]!;
  const startedMs = performance.now();
  const options = deadlineMs === undefined ? {} : { deadlineMs: startedMs + deadlineMs };
  try {
    const reply = await channel.unary(path, requests[number % requests.length]!, options);
    record.answered(reply, { dueMs, startedMs });
  } catch (error) {
    const { code, message } = error as { code: number; message: string };
    record.failed(nameOf(codeFrom(code)), message);
  }
}

type Record = ReturnType<typeof createRecord>;

function createRecord({ isBatch = false }: Load) {
  const codes: { [code: string]: number } = {};
  const rows: { [code: string]: number } = {};
  const messages: { [code: string]: string } = {};
  const latencies: number[] = [];
  const late: number[] = [];
  let lastReply: Uint8Array | undefined;
  let calls = 0;
  const count = (code: string) => {
    calls++;
    codes[code] = (codes[code] ?? 0) + 1;
  };
  return {
    answered(reply: Uint8Array, { dueMs, startedMs }: { dueMs: number; startedMs: number }) {
      count("OK");
      if (isBatch) countRows(reply, rows);
      lastReply = reply;
      late.push(startedMs - dueMs);
      latencies.push(performance.now() - dueMs);
    },
    failed(code: string, message: string) {
      count(code);
      messages[code] ??= message;
    },
    report: (tookMs: number): LoadReport => ({
      calls,
      codes,
      rows: isBatch ? rows : codes,
      messages,
      tookMs,
      latencies: percentiles(latencies),
      late: percentiles(late),
      reply: lastReply,
    }),
  };
}
