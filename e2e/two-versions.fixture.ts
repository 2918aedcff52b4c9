import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Distribution } from "../router/distribution.ts";
import { openModelsFolder, openPuppetServing } from "../server/puppet-serving.ts";
import type { Channel } from "../transport/transport.ts";
import { batchRecommend } from "./calls.fixture.ts";
import { openFolder, type Folder } from "./open-server.fixture.ts";

export const model = "toy";

/** Three users in ten have version 2. */
export const firstDocument: Distribution = {
  format: 1,
  model,
  revision: 1,
  salt: "e2e",
  arms: [
    { name: "stable", version: "1", weight: 7_000, ranges: [[0, 7_000]] },
    { name: "canary", version: "2", weight: 3_000, ranges: [[7_000, 10_000]] },
  ],
};

/** A real server that holds both versions, which answer at once, and a folder with the document for them. */
export interface TwoVersions extends AsyncDisposable {
  readonly folder: Folder;
  /** Flags of a router in front of it. */
  readonly flags: readonly string[];
}

export async function openTwoVersions(): Promise<TwoVersions> {
  const folder = await openFolder();
  const models = await openModelsFolder(`${model}/1`, `${model}/2`);
  const served = await openPuppetServing({ flags: { models: models.path } });
  await served.serving.started;
  const file = join(folder.path, "weights.json");
  await writeFile(file, JSON.stringify(firstDocument));
  return {
    folder,
    flags: ["--servers", served.serving.address, "--distributions", file],
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await models[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** The arm of each of so many users, by one call. */
export async function armsOf(channel: Channel, users: number): Promise<readonly string[]> {
  const requests = Array.from({ length: users }, (_, i) => ({ model, userId: `user-${i}` }));
  const results = await batchRecommend(channel, requests);
  return results.map((result) =>
    result?.$case === "response" ? result.value.routed!.arm : JSON.stringify(result),
  );
}
