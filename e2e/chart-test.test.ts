import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { containersIn, goldenOf } from "../scripts/helm/manifests-in.ts";
import { openRouter, type OpenRouter } from "./open-router.fixture.ts";
import { openFolder, openServer, type Folder, type OpenServer } from "./open-server.fixture.ts";
import { runCrossfade } from "./run-crossfade.fixture.ts";
import { buildSmallBundle } from "./small-bundle.fixture.ts";

/* What `helm test` runs in its pod, run here against a router and a server. */

let folder: Folder;
let server: OpenServer;
let router: OpenRouter;

beforeAll(async () => {
  folder = await openFolder();
  await buildSmallBundle(join(folder.path, "models/playlists/1"), "1");
  server = await openServer(["--models", join(folder.path, "models")]);
  router = await openRouter(["--servers", server.serving.address]);
});

afterAll(async () => {
  await router[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const [pod] = containersIn(goldenOf("staging").filter(({ kind }) => kind === "Pod"));
const args = (model: string) =>
  pod!.args!.map((arg) =>
    arg.replace(/^--target=.*/, `--target=${router.routes.address}`).replace("playlists", model),
  );

test("the chart's test passes where a model answers", async () => {
  await using running = runCrossfade(args("playlists"));
  expect(await running.exited).toBe(0);
  expect(running.log).toEqual([expect.stringMatching(/^10 by version 1 on /)]);
});

test("the chart's test fails where none does", async () => {
  await using running = runCrossfade(args("paintings"));
  expect(await running.exited).toBe(1);
  expect(running.log).toEqual([expect.stringContaining('NOT_FOUND: no model "paintings" here')]);
});
