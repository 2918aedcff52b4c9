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
import { interleavedCpuMs } from "./interleaved.ts";
import { formatTable } from "./table.ts";

/** One thing to do, by the generated code (the floor) and by ours. */
interface Contest {
  readonly name: string;
  /** So often that the clock, which counts microseconds of CPU time, can see it. */
  readonly repeat: number;
  readonly generated: () => unknown;
  readonly ours: () => unknown;
}

const idsPerRequest = 50;
const tracksPerRequest = 50;
const itemsPerReply = 10;
const usersPerBatch = 1_000;

/** CPU time of the codec, its garbage included, beside that of the generated code. */
export async function run(): Promise<void> {
  const results = [];
  for (const contest of [...requestContests(), replyContest(), ...batchContests()]) {
    results.push(await measure(contest));
  }
  const rows = results.map(({ name, generatedNs, oursNs, ratio }) => {
    return [name, generatedNs.toFixed(0), oursNs.toFixed(0), ratio.toFixed(1)];
  });
  console.log(formatTable(["", "ts-proto (floor) ns", "ours ns", "ratio"], rows));
  console.log(`RESULT ${JSON.stringify({ benchmark: "codec", results })}`);
}

async function measure({ name, repeat, generated, ours }: Contest) {
  const contenders = { generated: repeated(generated, repeat), ours: repeated(ours, repeat) };
  const cpuMs = await interleavedCpuMs(contenders, { rounds: 9, sliceMs: 30 });
  const generatedNs = (cpuMs.generated * 1e6) / repeat;
  const oursNs = (cpuMs.ours * 1e6) / repeat;
  return { name, generatedNs, oursNs, ratio: generatedNs / oursNs };
}

function repeated(call: () => unknown, times: number): () => void {
  return () => {
    for (let i = 0; i < times; i++) call();
  };
}

function requestContests(): Contest[] {
  // As grpc-js hands requests over.
  const bytes = Buffer.from(RecommendRequest.encode(requestOf(7)).finish());
  const repeat = 1_000;
  const peek = createPeek();
  const reader = createRequestReader();
  const generated = () => RecommendRequest.decode(bytes);
  const named = Buffer.from(RecommendRequest.encode(tracksRequest()).finish());
  return [
    { name: `peek, ${idsPerRequest} ids`, repeat, generated, ours: () => peek(bytes) },
    { name: `read, ${idsPerRequest} ids`, repeat, generated, ours: () => reader.read(bytes) },
    {
      name: `read, ${tracksPerRequest} tracks`,
      repeat,
      generated: () => RecommendRequest.decode(named),
      ours: () => reader.read(named),
    },
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
    repeat: 1_000,
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
      repeat: 2,
      generated: () => BatchRecommendRequest.decode(batch),
      ours: () => sliceBatch(batch, usersPerBatch),
    },
    {
      name: `join, ${usersPerBatch} encoded replies`,
      repeat: 2,
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

function tracksRequest(): RecommendRequest {
  const tracks = Array.from({ length: tracksPerRequest }, (_, i) => {
    return { title: `Velvet Harbour ${i}`, artist: `The Paper Lanterns ${i}` };
  });
  return RecommendRequest.fromPartial({ model: "songs", tracks, topK: itemsPerReply });
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
