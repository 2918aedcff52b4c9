import { cp, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ListModelsRequest, ListModelsResponse } from "../proto/gen/crossfade/v1/recommender.ts";
import { reweigh } from "../router/reweigh.ts";
import type { Distribution } from "../router/distribution.ts";
import { listenerId } from "../loadtest/world/create-world.ts";
import { openChannel } from "../transport/open.ts";
import type { Channel } from "../transport/transport.ts";
import { batchRecommend } from "./calls.fixture.ts";
import { openFolder, patience, type Folder } from "./open-server.fixture.ts";
import { runCrossfade, type Running } from "./run-crossfade.fixture.ts";
import { buildSmallBundle } from "./small-bundle.fixture.ts";

// Processes as somebody would start them. Versions are told by their folders: no call reaches the canary, which has no weight.

let source: Folder;
beforeAll(async () => {
  source = await openFolder();
  await buildSmallBundle(join(source.path, "1"));
});
afterAll(() => source[Symbol.asyncDispose]());

/** Models are loaded on a machine that has other things to do. */
const soon = { timeout: 40_000 };
const wholeTest = { timeout: 120_000 };
const free = ["port", "http-port", "metrics-port"].flatMap((name) => [`--${name}`, "0"]);
const document: Distribution = {
  format: 1,
  model: "playlists",
  revision: 1,
  salt: "e2e",
  arms: [
    { name: "stable", version: "1", weight: 10_000, ranges: [[0, 10_000]] },
    { name: "canary", version: "2", weight: 0, ranges: [] },
  ],
};

async function put(models: string, version: string): Promise<void> {
  const aside = join(models, `.${version}`);
  await cp(join(source.path, "1"), aside, { recursive: true });
  const manifest = JSON.parse(await readFile(join(aside, "bundle.json"), "utf8")) as object;
  await writeFile(join(aside, "bundle.json"), JSON.stringify({ ...manifest, version }));
  await mkdir(join(models, "playlists"), { recursive: true });
  await rename(aside, join(models, "playlists", version));
}

async function openModels(): Promise<Folder & { readonly models: string; weights: string }> {
  const folder = await openFolder();
  const models = join(folder.path, "models");
  for (const version of ["1", "2"]) await put(models, version);
  const weights = join(folder.path, "weights.json");
  await writeFile(weights, JSON.stringify(document));
  return { ...folder, models, weights };
}

function serve(models: string, ...args: readonly string[]): Running {
  const quick = ["--poll-ms", "20ms", "--workers", "1"];
  return runCrossfade(["serve", "--models", models, ...free, ...quick, ...patience, ...args]);
}

async function channelTo(running: Running): Promise<Channel> {
  return openChannel(String((await running.logged("listening"))["grpc"]));
}

async function listed(channel: Channel) {
  const path = "/crossfade.v1.RecommenderService/ListModels";
  const reply = await channel.unary(path, ListModelsRequest.encode({}).finish());
  return ListModelsResponse.decode(reply).models;
}

const versionsOf = async (channel: Channel) =>
  (await listed(channel)).map(({ version }) => version);

/** That 3 goes when 5 is there shows that the server has looked at what it may unload. */
async function bringThreeMore(models: string, server: Channel): Promise<void> {
  for (const version of ["3", "4", "5"]) await put(models, version);
  await expect.poll(() => versionsOf(server), soon).toEqual(["5", "4", "2", "1"]);
}

/** Throws when any of them fails. */
async function versionsAnswering(channel: Channel): Promise<readonly string[]> {
  const requests = Array.from({ length: 50 }, (_, i) => ({ userId: listenerId(i) }));
  const results = await batchRecommend(channel, requests);
  const versions = results.map((result) => {
    if (result?.$case !== "response") throw new Error(JSON.stringify(result));
    return result.value.served!.modelVersion;
  });
  return [...new Set(versions)].sort();
}

test(
  "behind a router, the versions of its arms stay for as long as they have them, with calls or without",
  wholeTest,
  async () => {
    await using folder = await openModels();
    // Far shorter than the test: what stays is held by what the router says, again and again.
    await using server = serve(folder.models, "--keep-used-ms", "6s");
    const direct = await channelTo(server);
    await expect.poll(() => versionsOf(direct), soon).toEqual(["2", "1"]);
    await using router = runCrossfade([
      "route",
      "--servers",
      String((await server.logged("listening"))["grpc"]),
      "--distributions",
      folder.weights,
      "--state",
      join(folder.path, "state"),
      "--admin-port",
      "0",
      "--admin-http-port",
      "0",
      ...free,
      ...patience,
    ]);
    const routed = await channelTo(router);
    await expect.poll(() => versionsAnswering(routed).catch(String), soon).toEqual(["1"]);
    await bringThreeMore(folder.models, direct);
    expect(await versionsAnswering(routed)).toEqual(["1"]);

    await expect
      .poll(
        async () =>
          (await listed(routed)).filter(({ isDefault }) => isDefault).map(({ version }) => version),
        soon,
      )
      .toEqual(["1"]);
    direct.close();
    routed.close();
    const exited = router.exited;
    router.child.kill("SIGTERM");
    expect(await exited).toBe(0);
    using after = await channelTo(server);
    await expect.poll(() => versionsOf(after), soon).toEqual(["5", "4"]);
  },
);

test(
  "a server that routes itself keeps the versions of its arms, and loads them when it starts",
  wholeTest,
  async () => {
    await using folder = await openModels();
    const half = { ...document, arms: reweigh(document, { stable: 5_000, canary: 5_000 }) };
    await writeFile(folder.weights, JSON.stringify(half));
    const args = ["--distributions", folder.weights, "--state", join(folder.path, "state")];
    const off = ["--keep-used-ms", "0"];
    {
      await using server = serve(folder.models, ...args, ...off);
      using channel = await channelTo(server);
      await expect.poll(() => versionsOf(channel), soon).toEqual(["2", "1"]);
      await bringThreeMore(folder.models, channel);
      expect(await versionsAnswering(channel)).toEqual(["1", "2"]);
    }
    await using again = serve(folder.models, ...args, ...off);
    using channel = await channelTo(again);
    await expect.poll(() => versionsOf(channel), soon).toEqual(["5", "4", "2", "1"]);
    expect(await versionsAnswering(channel)).toEqual(["1", "2"]);
  },
);
