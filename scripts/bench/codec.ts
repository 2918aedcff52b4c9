import {
  BatchRecommendRequest,
  BatchRecommendResponse,
  RecommendRequest,
  RecommendResponse,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import { encodeItemRecord } from "../../proto/item-record.ts";
import { joinResults } from "../../proto/join-results.ts";
import { createPeek } from "../../proto/peek.ts";
import { createReplyWriter } from "../../proto/reply-writer.ts";
import { createRequestReader } from "../../proto/request-reader.ts";
import { encodeServedBy } from "../../proto/served.ts";
import { sliceBatch } from "../../proto/slice-batch.ts";

/** One thing to do, by the generated code (the floor) and by ours. */
interface Contest {
  readonly name: string;
  readonly generated: () => unknown;
  readonly ours: () => unknown;
}

const idsPerRequest = 50;
const itemsPerReply = 10;
const usersPerBatch = 1_000;
const rounds = 11;
const roundMs = 25;

/** CPU time of the codec beside that of the generated code: medians of interleaved rounds. */
export async function run(): Promise<void> {
  const contests = [...requestContests(), replyContest(), ...batchContests()];
  const results = contests.map(measure);
  console.log(
    `${"".padEnd(34)}${"ts-proto ns".padStart(14)}${"ours ns".padStart(14)}${"ratio".padStart(8)}`,
  );
  for (const { name, generatedNs, oursNs, ratio } of results) {
    const numbers = [
      generatedNs.toFixed(0).padStart(14),
      oursNs.toFixed(0).padStart(14),
      ratio.toFixed(1).padStart(8),
    ];
    console.log(name.padEnd(34) + numbers.join(""));
  }
  console.log(`RESULT ${JSON.stringify({ benchmark: "codec", results })}`);
}

function requestContests(): Contest[] {
  // As grpc-js hands requests over.
  const bytes = Buffer.from(RecommendRequest.encode(requestOf(7)).finish());
  const peek = createPeek();
  const reader = createRequestReader();
  const generated = () => RecommendRequest.decode(bytes);
  return [
    { name: `peek, ${idsPerRequest} ids`, generated, ours: () => peek(bytes) },
    { name: `read, ${idsPerRequest} ids`, generated, ours: () => reader.read(bytes) },
  ];
}

function replyContest(): Contest {
  const message = replyOf();
  const records = message.items.map(({ id, title }) => encodeItemRecord(id, title));
  const catalogue = new Uint8Array(
    new SharedArrayBuffer(records.reduce((sum, { length }) => sum + length, 0)),
  );
  const offsets = [0];
  for (const record of records) {
    catalogue.set(record, offsets.at(-1));
    offsets.push(offsets.at(-1)! + record.length);
  }
  const writer = createReplyWriter();
  const by = encodeServedBy({ model: "playlists", version: "12", backend: "cpu-qint8" });
  const nothing = new Uint8Array();
  const row = {
    coldStart: false,
    degraded: "",
    unknownCount: 0,
    unknownIds: new Int32Array(),
    request: nothing,
  };
  return {
    name: `reply, ${itemsPerReply} items`,
    generated: () => RecommendResponse.encode(message).finish(),
    ours: () => {
      writer.begin(catalogue);
      for (let i = 0; i < itemsPerReply; i++)
        writer.item(offsets[i]!, offsets[i + 1]!, message.items[i]!.score);
      writer.served(by, row);
      return writer.finish();
    },
  };
}

function batchContests(): Contest[] {
  const requests = Array.from({ length: usersPerBatch }, (_, user) => requestOf(user));
  const batch = Buffer.from(BatchRecommendRequest.encode({ requests }).finish());
  const value = replyOf();
  const results = requests.map(() => ({ result: { $case: "response" as const, value } }));
  const answers = requests.map(() => ({ bytes: RecommendResponse.encode(value).finish() }));
  return [
    {
      name: `slice, ${usersPerBatch} requests`,
      generated: () => BatchRecommendRequest.decode(batch),
      ours: () => sliceBatch(batch, usersPerBatch),
    },
    {
      name: `join, ${usersPerBatch} replies`,
      generated: () => BatchRecommendResponse.encode({ results }).finish(),
      ours: () => joinResults(answers),
    },
  ];
}

function requestOf(user: number): RecommendRequest {
  const candidates = Array.from(
    { length: idsPerRequest },
    (_, i) => `t${100_000 + ((user * 7919 + i * 37) % 900_000)}`,
  );
  return RecommendRequest.fromPartial({
    model: "playlists",
    userId: `listener-${user}`,
    candidates,
    topK: itemsPerReply,
  });
}

function replyOf(): RecommendResponse {
  const items = Array.from({ length: itemsPerReply }, (_, i) => {
    return {
      id: `t${100_000 + i * 37}`,
      title: `Velvet Harbour ${i}`,
      score: Math.fround(3 / (i + 1)),
    };
  });
  const served = { model: "playlists", modelVersion: "12", backend: "cpu-qint8" };
  return RecommendResponse.fromPartial({ items, served });
}

function measure({ name, generated, ours }: Contest) {
  const generatedTimes: number[] = [];
  const ourTimes: number[] = [];
  for (let round = 0; round < rounds; round++) {
    generatedTimes.push(nsPerCall(generated));
    ourTimes.push(nsPerCall(ours));
  }
  const generatedNs = median(generatedTimes);
  const oursNs = median(ourTimes);
  return { name, generatedNs, oursNs, ratio: generatedNs / oursNs };
}

/** CPU time of the process, its collector included, per call. */
function nsPerCall(call: () => unknown): number {
  const start = process.cpuUsage();
  const until = performance.now() + roundMs;
  let calls = 0;
  while (performance.now() < until) {
    for (let i = 0; i < 20; i++) call();
    calls += 20;
  }
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1000) / calls;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
