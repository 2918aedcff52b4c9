import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RecommendRequest, RecommendResponse } from "../../proto/gen/crossfade/v1/recommender.ts";
import { ghz } from "./client/ghz.ts";
import { h2load } from "./client/h2load.ts";
import { loadTest } from "./client/load-test.ts";
import { ownClient } from "./client/own-clients.ts";
import type { ClientLoad, Spent, Subject, SubjectKind } from "./client/subject.ts";
import { median } from "./interleaved.ts";
import { startCannedServer } from "./live/canned-server.ts";
import { compileServer } from "./live/compile-server.ts";
import { readFlags } from "./live/flags.ts";
import { watchMachine } from "./live/machine-load.ts";
import { cpuTimes, ownCpuMs } from "./live/process-figures.ts";
import { recommendPath } from "./live/requests.ts";
import { conclude } from "./live/verdict.ts";
import { formatTable } from "./table.ts";

const about = `What a unary call costs those who make it: CPU of the client's process, recording its latency included. A closed
loop over 4 connections with 16 calls in flight on each, to one server that answers at once; the clients take turns.`;

const flags = {
  rounds: { standard: 7, help: "interleaved rounds; figures are their medians" },
  seconds: { standard: 2, help: "of calls, per client and round" },
};

const prepared = "http2, prepared";
/** Whoever has another client adds it here. */
const kinds: readonly SubjectKind[] = [
  ownClient(prepared, "http2 prepared"),
  ownClient("http2, promises", "http2"),
  ownClient("grpc-js", "grpc-js"),
  loadTest,
  h2load,
  ghz,
];

/** What the load generator may spend, and its client as a part of it. */
const limitUs = 30;
const limited = [prepared, loadTest.name];

/** 50 candidates, and 10 items for an answer. */
const request = RecommendRequest.encode(
  RecommendRequest.fromPartial({
    model: "bench",
    userId: "listener-7",
    candidates: Array.from({ length: 50 }, (_, i) => `t${i}`),
    topK: 10,
  }),
).finish();
const reply = RecommendResponse.encode(
  RecommendResponse.fromPartial({
    items: Array.from({ length: 10 }, (_, i) => ({
      score: 1 - i / 10,
      id: `track-${i}`,
      title: `Velvet Harbour ${i}`,
    })),
  }),
).finish();

interface Figures {
  readonly usPerCall: number;
  readonly callsPerSecond: number;
  readonly failed: number;
}

export async function run(args: string[]): Promise<void> {
  const options = readFlags(args, about, flags);
  if (options === undefined) return;
  const scratch = await mkdtemp(join(tmpdir(), "crossfade-bench-client-"));
  await using compiled = await compileServer();
  const opened = await Promise.all(
    kinds.map((kind) => kind.open({ scratch, compiled: compiled.dir })),
  );
  const subjects = opened.filter((one) => typeof one !== "string");
  const skipped = opened.filter((one) => typeof one === "string");
  try {
    await using server = await startCannedServer({
      dir: compiled.dir,
      replies: [[recommendPath, reply]],
    });
    const machine = watchMachine(() => ownCpuMs() + cpuTimes(server.pid).allMs);
    const load = {
      address: server.address,
      path: recommendPath,
      request,
      connections: 4,
      streams: 16,
      forMs: 1_000 * options.seconds,
    };
    report(await takeTurns(subjects, load, options.rounds), { options, skipped });
    console.log(machine.describe());
  } finally {
    for (const subject of subjects) await subject[Symbol.asyncDispose]();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function takeTurns(
  subjects: readonly Subject[],
  load: ClientLoad,
  rounds: number,
): Promise<Map<string, Figures>> {
  const taken = new Map<string, Spent[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const subject of subjects) {
      const spent = await subject.run(load);
      // The first round warms the compilers up.
      if (round > 0) taken.get(subject.name)!.push(spent);
    }
  }
  return new Map(Array.from(taken, ([name, all]) => [name, figuresOf(all, load.forMs)]));
}

function figuresOf(rounds: readonly Spent[], forMs: number): Figures {
  return {
    usPerCall: median(rounds.map(({ cpuMs, calls }) => (1_000 * cpuMs) / calls)),
    callsPerSecond: median(rounds.map(({ calls }) => (1_000 * calls) / forMs)),
    failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
  };
}

interface Circumstances {
  readonly options: Readonly<Record<string, number>>;
  readonly skipped: readonly string[];
}

function report(clients: ReadonlyMap<string, Figures>, { options, skipped }: Circumstances): void {
  const floor = clients.get(h2load.name)?.usPerCall;
  const rows = Array.from(clients, ([name, { usPerCall, callsPerSecond }]) => [
    name,
    usPerCall.toFixed(1),
    floor === undefined ? "" : (usPerCall / floor).toFixed(1),
    callsPerSecond.toFixed(0),
  ]);
  console.log(formatTable(["client", "CPU us/call", "x h2load", "calls/s"], rows));
  for (const why of skipped) console.log(`skipped: ${why}`);
  conclude({
    bench: "client",
    figures: { ...options, clients: Object.fromEntries(clients), skipped },
    floors: { h2loadUs: floor },
    limits: { us: limitUs, of: limited },
    missed: limited.flatMap((name) => {
      const { usPerCall } = clients.get(name)!;
      if (usPerCall <= limitUs) return [];
      return [`${name} takes ${usPerCall.toFixed(1)} us a call, more than ${limitUs}`];
    }),
    invalid: Array.from(clients).flatMap(([name, { failed }]) =>
      failed > 0 ? [`${name}: ${failed} calls failed`] : [],
    ),
  });
}
