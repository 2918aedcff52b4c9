import {
  BatchRecommendRequest,
  BatchRecommendResponse,
  ListModelsRequest,
  ListModelsResponse,
  RecommendRequest,
  RecommendResponse,
  type ModelVersion,
  type Result,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import {
  HealthCheckRequest,
  HealthCheckResponse,
  HealthCheckResponse_ServingStatus,
} from "../../proto/gen/grpc/health/v1/health.ts";
import { codeFrom, nameOf } from "../../proto/serving-error.ts";
import type { Channel } from "../../transport/transport.ts";
import { listenerId, playlistId, trackId, type World } from "../../loadtest/world/create-world.ts";
import { patient } from "./patient.ts";
import { answeredBy, printReply } from "./print-reply.ts";

const service = "/crossfade.v1.RecommenderService";
const model = "playlists";

/** Both are the same invented service; the tracks that the demo's model knows are a smaller part of it. */
export interface DemoWorlds {
  readonly world: World;
  readonly tracks: World;
}

type RequestFields = Parameters<typeof RecommendRequest.fromPartial>[0];

/** One real call of each kind, with its answer. */
export async function showCalls(channel: Channel, { world, tracks }: DemoWorlds): Promise<void> {
  await showModels(channel);
  const listener = 42;
  const tastes = new Set(world.tastes(listener).map(({ style }) => style.genre.name));
  await show(channel, `A listener of ${[...tastes].join(" and ")}`, {
    userId: listenerId(listener),
  });
  const heard = [...world.follows(listener)].slice(0, 5).map((index) => world.playlist(index));
  for (const { title } of heard) console.log(`    follows       ${title}`);
  await show(channel, "Somebody new who follows the same playlists", {
    history: heard.map(({ id }) => id),
    excludeHistory: true,
  });
  await show(channel, "Somebody about whom nothing is known: what is popular", {
    userId: "a-stranger",
  });
  await show(channel, "The same listener, choosing among ten", {
    userId: listenerId(listener),
    candidates: Array.from({ length: 10 }, (_, i) => playlistId(100 + i)),
  });
  await showBatch(channel);
  await showSequence(channel, tracks, listener);
}

/** What somebody has listened to, and what comes next; then to somebody of whom nothing else is known. */
async function showSequence(channel: Channel, tracks: World, listener: number): Promise<void> {
  const listened = [...tracks.listens(listener)];
  const history = listened.map(trackId);
  const ofTracks = { model: "tracks", history, excludeHistory: true };
  await show(channel, "What to play next, after what a listener has played", {
    ...ofTracks,
    userId: listenerId(listener),
  });
  for (const index of listened.slice(-5)) {
    const { title, artist } = tracks.track(index);
    console.log(`    played last   ${title} by ${tracks.artist(artist).name}`);
  }
  await show(channel, "The same sequence, played by a stranger", ofTracks);
}

async function showModels(channel: Channel): Promise<void> {
  const health = await channel.unary(
    "/grpc.health.v1.Health/Check",
    HealthCheckRequest.encode(HealthCheckRequest.fromPartial({ service: model })).finish(),
  );
  const { status } = HealthCheckResponse.decode(health);
  const bytes = await channel.unary(`${service}/ListModels`, ListModelsRequest.encode({}).finish());
  console.log(`\nHealth of ${model}: ${statusName(status)}`);
  const { models } = ListModelsResponse.decode(bytes);
  for (const one of models.toSorted(byName)) {
    const { model: name, version, family, variant, itemCount } = one;
    console.log(`${name} ${version}: ${family}, ${variant}, ${itemCount} items`);
  }
}

function byName(a: ModelVersion, b: ModelVersion): number {
  return a.model.localeCompare(b.model, "en") || Number(a.version) - Number(b.version);
}

function statusName(status: number): string {
  const names = Object.entries(HealthCheckResponse_ServingStatus);
  return names.find(([, value]) => value === status)?.[0] ?? String(status);
}

async function show(channel: Channel, title: string, fields: RequestFields): Promise<void> {
  const reply = RecommendResponse.decode(
    await channel.unary(`${service}/Recommend`, encode(fields), patient()),
  );
  printReply(title, reply);
}

async function showBatch(channel: Channel): Promise<void> {
  const users = [listenerId(1), listenerId(2), "nobody\u0000"];
  const requests = users.map((userId) => RecommendRequest.fromPartial({ model, userId, topK: 2 }));
  const request = BatchRecommendRequest.encode({ requests }).finish();
  const reply = BatchRecommendResponse.decode(
    await channel.unary(`${service}/BatchRecommend`, request, patient()),
  );
  console.log("\nThree in one call, one of them malformed");
  reply.results.forEach(({ result }, i) => {
    console.log(`  ${JSON.stringify(users[i]).padEnd(16)}  ${describe(result)}`);
  });
}

function describe(result: Result["result"]): string {
  if (result === undefined) return "nothing";
  if (result.$case === "response") {
    const titles = result.value.items.map(({ title }) => title).join("; ");
    return `${titles}  (${answeredBy(result.value)})`;
  }
  return `${nameOf(codeFrom(result.value.code))}: ${result.value.message}`;
}

function encode(fields: RequestFields): Uint8Array {
  return RecommendRequest.encode(
    RecommendRequest.fromPartial({ model, topK: 5, ...fields }),
  ).finish();
}
