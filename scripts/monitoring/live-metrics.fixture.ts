import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { batchRecommend, recommend } from "../../e2e/calls.fixture.ts";
import { openRouter } from "../../e2e/open-router.fixture.ts";
import { openFolder, openServer } from "../../e2e/open-server.fixture.ts";
import { buildSmallBundle } from "../../e2e/small-bundle.fixture.ts";
import { listenerId, playlistId } from "../../loadtest/world/create-world.ts";
import { RecordFeedbackRequest } from "../../proto/gen/crossfade/v1/recommender.ts";
import type { Distribution } from "../../router/distribution.ts";
import { createTrialAuthority } from "../../transport/issue-certificates.ts";
import type { Channel } from "../../transport/transport.ts";
import { changeByAdmin } from "../chaos/ask-admin.ts";

/** The pages of /metrics of a real `serve` and a real `route` after calls of all kinds. */
export interface LivePages {
  readonly serve: string;
  /** Of one with TLS, without models. */
  readonly secureServe: string;
  readonly route: string;
}

/** Nobody holds the version of `ghost`: its rows spill. */
const document: Distribution = {
  format: 1,
  model: "playlists",
  revision: 1,
  salt: "live",
  arms: [
    { name: "stable", version: "1", weight: 6_000, ranges: [[0, 6_000]] },
    { name: "canary", version: "2", weight: 3_000, ranges: [[6_000, 9_000]] },
    { name: "ghost", version: "77", weight: 1_000, ranges: [[9_000, 10_000]] },
  ],
  shadow: { arm: "canary", basisPoints: 10_000, maxConcurrent: 50 },
};

export async function scrapeLive(): Promise<LivePages> {
  await using folder = await openFolder();
  const at = (name: string) => join(folder.path, name);
  const models = at("models");
  await makeModels(models);
  await mkdir(at("none"));
  await using server = await openServer(["--models", models]);
  const certificate = await writeCertificate(at);
  await using secure = await openServer(["--models", at("none"), ...certificate]);
  await writeFile(at("weights.json"), JSON.stringify(document));
  const flags = {
    servers: `${server.serving.address},127.0.0.1:1`,
    distributions: at("weights.json"),
    state: at("state"),
    feedback: at("feedback"),
    "cache-ms": "1s",
  };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  await using router = await openRouter(args);
  await call(router.channel);
  await callByHttp(router.routes.httpPort!);
  const lower = { arm: "canary", basisPoints: 100, ttlMs: 60_000 };
  await changeByAdmin({
    port: router.routes.adminHttpPort!,
    model: "playlists",
    verb: "lowerArm",
    body: lower,
  });
  return {
    serve: await pageOf(server.serving.metricsPort),
    secureServe: await pageOf(secure.serving.metricsPort),
    route: await pageOf(router.routes.metricsPort),
  };
}

/** Two that load, and one that does not. */
async function makeModels(models: string): Promise<void> {
  for (const version of ["1", "2"])
    await buildSmallBundle(join(models, "playlists", version), version);
  await mkdir(join(models, "playlists", "9"));
  await writeFile(join(models, "playlists", "9", "bundle.json"), "{}");
}

async function writeCertificate(at: (name: string) => string): Promise<readonly string[]> {
  const { certificate, key } = createTrialAuthority().issue("localhost");
  await writeFile(at("tls.crt"), certificate);
  await writeFile(at("tls.key"), key);
  return ["--tls-certificate", at("tls.crt"), "--tls-key", at("tls.key")];
}

const knownUsers = Array.from({ length: 600 }, (_, i) => listenerId(i));

async function call(channel: Channel): Promise<void> {
  const history = [playlistId(1), playlistId(2), "no such playlist"];
  const known = knownUsers.map((userId) => ({ userId }));
  await batchRecommend(channel, [...known, { userId: "stranger", history }, { userId: "nobody" }]);
  await recommend(channel, { userId: knownUsers[0]! });
  // What fails counts too.
  await recommend(channel, { model: "no such model" }).catch(() => {});
  await recommend(channel, { userId: "u1", topK: 1_000_000 }).catch(() => {});
  const event = { eventId: "e1", userId: "u1", liked: playlistId(1), others: [playlistId(2)] };
  const feedback = RecordFeedbackRequest.encode(RecordFeedbackRequest.fromPartial(event)).finish();
  const record = (bytes: Uint8Array) =>
    channel.unary("/crossfade.v1.RecommenderService/RecordFeedback", bytes);
  for (const bytes of [feedback, feedback]) await record(bytes);
  await record(Buffer.alloc(0)).catch(() => {});
}

async function callByHttp(port: number): Promise<void> {
  await fetch(`http://127.0.0.1:${port}/v1/models/playlists:recommend`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"userId": "u1"}',
  });
  await fetch(`http://127.0.0.1:${port}/feedback`, { method: "POST", body: "nonsense" });
}

async function pageOf(port: number | undefined): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  return response.text();
}
