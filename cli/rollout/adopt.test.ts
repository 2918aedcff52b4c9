import { join } from "node:path";
import { expect, test } from "vitest";
import { openFileStore } from "../../router/store/file/file-store.ts";
import { firstDocument, openFolder } from "../../server/control/router.fixture.ts";
import { openScene } from "./cli.fixture.ts";

const models = ["films", "songs", "toy"];

/** A router that holds three models, and a store that has none of them any more. */
async function openLost() {
  const folder = await openFolder();
  const documents = models.map((model) => ({ ...firstDocument, model }));
  const scene = await openScene({ folder, documents });
  for (let i = 0; i < 5; i++) await scene.run(`set weight ${i + 1}% toy -m x`);
  const empty = await openFileStore({ dir: join(folder.path, "empty") });
  scene.admin.store.become(empty);
  return {
    ...scene,
    async [Symbol.asyncDispose]() {
      await scene[Symbol.asyncDispose]();
      await empty.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test("adopt says what routers held, and that nobody moves", async () => {
  await using scene = await openLost();
  const dry = await scene.run("adopt toy --dry-run");
  expect(dry.printed).toContain(
    "routers held revision 6, which is this: no user of theirs would get another version\n",
  );
  const line = "adopt toy -m lost --idempotency-key k";
  const { code, printed } = await scene.run(line);
  expect(code).toBe(0);
  expect(printed).toContain("toy   revision 0 -> 7\n");
  expect(printed).toContain(
    "routers held revision 6, which is this: no user of theirs gets another version\n",
  );
  const again = await scene.run(line);
  expect(again.printed).toContain("(done before, with the same idempotency key)");
  expect(again.printed).toContain("no user of theirs gets another version\n");
});

test("list names the models that are lost, and adopt --all brings all of them back", async () => {
  await using scene = await openLost();
  const { run } = scene;
  const { printed } = await run("list");
  expect(printed).toContain("hold of films, songs, toy: no change of that until");
  expect(printed).toContain("`crossfade rollout adopt --all`");
  await run("adopt films -m lost");
  const left = await run("list");
  expect(left.printed).toContain("hold of songs, toy: no change of that until");
  expect(await run("set weight 5% films -m x")).toMatchObject({ code: 0, complained: "" });

  const all = await run("adopt --all -m lost --wait -o json");
  expect(all).toMatchObject({ code: 0, complained: "" });
  const said = all.printed.trimEnd().split("\n");
  expect(said.map((one) => (JSON.parse(one) as { newRevision: string }).newRevision)).toEqual([
    "2",
    "7",
  ]);
  expect((await run("list")).printed).not.toContain("lost");
  const none = await run("adopt --all -m lost");
  expect(none).toMatchObject({ code: 1, complained: expect.stringContaining("nothing to adopt") });
});

test("--all is refused with a model, or with one model's revision", async () => {
  await using scene = await openScene();
  expect(await scene.run("adopt --all toy -m x")).toMatchObject({ code: 2 });
  expect(await scene.run("adopt --all --expect-rev 3 -m x")).toMatchObject({ code: 2 });
});
