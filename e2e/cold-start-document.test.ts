import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  randomTrained,
  writeTrained,
} from "../models/cold-start/export/trained/write-trained.fixture.ts";
import { recommend } from "./calls.fixture.ts";
import { sectionsWith, typeCommand } from "./documented-commands.fixture.ts";
import { openFolder, openServer, type Folder, type OpenServer } from "./open-server.fixture.ts";

const root = new URL("..", import.meta.url);
const page = await readFile(new URL("docs/cold-start.md", root), "utf8");
const [asking, training, adding] = sectionsWith("sh", page).map(({ commands }) => commands);

let folder: Folder;
let server: OpenServer;
beforeAll(async () => {
  folder = await openFolder();
  const examples = new URL("examples/bundles/songs", root).pathname;
  await cp(examples, join(folder.path, "bundles/songs"), { recursive: true });
  server = await openServer(["--models", join(folder.path, "bundles")]);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** As the page writes it, in the folder of this test. */
const type = (line: string) =>
  typeCommand(line.replaceAll(/ (bundles\/|trained\/|new\.tsv)/g, ` ${folder.path}/$1`), undefined);

/** Each is a process of its own. */
const timeout = 120_000;

test(
  "docs/cold-start.md: tracks by name, on the command line and to curl",
  { timeout },
  async () => {
    const [line, curl] = asking!;
    const { stdout } = await type(`${line} --target ${server.serving.address}`);
    expect(stdout).toMatch(/^(t\d+\t-?[\d.]+\t.+\n){10}$/);
    const [, body] = / -d '(.*)'$/.exec(curl!)!;
    const reply = await fetch(`http://127.0.0.1:${server.serving.httpPort}/predict`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: body!,
    });
    const track = { track_name: expect.any(String), artist_name: expect.any(String) };
    expect(await reply.json()).toEqual({
      recommended_tracks: Array.from({ length: 10 }, () => track),
    });
  },
);

test("docs/cold-start.md: its three tracks are known, matched and new, as it says", async () => {
  const tracks = Array.from(asking![0]!.matchAll(/--track "(.*?) - (.*?)"/g), (found) => ({
    artist: found[1]!,
    title: found[2]!,
  }));
  const { served } = await recommend(server.channel, { model: "songs", tracks });
  expect(served!.tracks).toEqual({ known: 1, matched: 1, new: 1 });
});

test("docs/cold-start.md: what was trained becomes a bundle", { timeout }, async () => {
  const [train, exporting, serve] = training!;
  expect(train).toMatch(/^scripts\/train\/train cold-start --data \S+ --output trained\/songs$/);
  expect(serve).toBe("crossfade serve --models bundles");
  await writeTrained(join(folder.path, "trained/songs"), randomTrained());
  const { stderr } = await type(exporting!.replace("bundles/songs/1", "bundles/others/1"));
  expect(stderr).toContain("others/1");
});

test("docs/cold-start.md: what is added by name is recommended", { timeout }, async () => {
  const artist = "Los del Puerto";
  await writeFile(
    join(folder.path, "new.tsv"),
    `id\ttitle\tartist\nn1\tCorazón de Verano\t${artist}\n`,
  );
  await rm(join(folder.path, "bundles/songs/2"), { recursive: true, force: true });
  await type(adding![0]!);
  await using added = await openServer(["--bundle", join(folder.path, "bundles/songs/2")]);
  const ask = (title: string) =>
    recommend(added.channel, { model: "songs", tracks: [{ title, artist }], topK: 1_000 });
  // It need not be among the first: nobody has chosen it. Of two thousand it is among the first thousand.
  const { items } = await ask("Corazón de Fuego");
  expect(items).toContainEqual(
    expect.objectContaining({ id: "n1", title: "Corazón de Verano", artist }),
  );
  expect((await ask("CORAZON DE VERANO")).served!.tracks).toMatchObject({ matched: 1, new: 0 });
});
