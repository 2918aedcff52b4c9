import { cp, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listenerId } from "../loadtest/world/create-world.ts";
import { recommend } from "./calls.fixture.ts";
import { openFolder, openServer } from "./open-server.fixture.ts";
import { buildSmallBundle } from "./small-bundle.fixture.ts";

const swaps = 5;
const callers = 8;

test("versions come and go under load without a failed call", async () => {
  await using folder = await openFolder();
  const models = join(folder.path, "models/playlists");
  await buildSmallBundle(join(models, "1"));
  await using server = await openServer([
    "--models",
    join(folder.path, "models"),
    "--poll-ms",
    "20ms",
  ]);

  const seen: string[] = [];
  const isServed = (version: number) => seen.at(-1) === String(version);
  let last = 1;
  // A call that fails rejects, and fails the test.
  const keepCalling = async (caller: number) => {
    for (let i = 0; !isServed(swaps + 1); i++) {
      const { served, items } = await recommend(server.channel, {
        userId: listenerId(caller * 50 + (i % 50)),
      });
      expect(items).toHaveLength(10);
      if (served!.modelVersion !== seen.at(-1)) seen.push(served!.modelVersion);
    }
  };
  const arrive = async () => {
    for (last = 2; last <= swaps + 1; last++) {
      await addVersion(folder.path, models, String(last));
      while (!isServed(last)) await recommend(server.channel, { userId: listenerId(1) });
    }
  };
  await Promise.all([arrive(), ...Array.from({ length: callers }, (_, i) => keepCalling(i))]);
  expect(new Set(seen).size).toBe(swaps + 1);
});

async function addVersion(aside: string, models: string, version: string): Promise<void> {
  const dir = join(aside, version);
  await cp(join(models, "1"), dir, { recursive: true });
  const manifest = JSON.parse(await readFile(join(dir, "bundle.json"), "utf8")) as object;
  await writeFile(join(dir, "bundle.json"), JSON.stringify({ ...manifest, version }));
  await rename(dir, join(models, version));
}
