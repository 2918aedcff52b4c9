import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPlaylistsBundle } from "../cli/train/playlists-bundle.ts";
import { createWorld } from "../loadtest/world/create-world.ts";
import { conclude, type Outcome } from "./bench/live/verdict.ts";
import { buildImage } from "./image/build-image.ts";
import { chooseWayToRun, type ContainerEngine, findEngine } from "./image/engine.ts";
import { limits } from "./image/limits.ts";
import { readOptions, type ImageCheckOptions } from "./image/read-options.ts";
import { restartUnderLoad } from "./image/restart-under-load.ts";
import { sizeAboveBase } from "./image/size-above-base.ts";
import { inspectContents } from "./image/inspect-contents.ts";
import { skip } from "./bench/live/skip.ts";

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) return;
  const found = await findEngine(options.engine);
  if ("why" in found) return skip("image-check", found.why);
  conclude(await check(found, options));
}

async function check(engine: ContainerEngine, options: ImageCheckOptions): Promise<Outcome> {
  const image = options.image ?? (await buildImage(engine, options));
  const runs = await chooseWayToRun(engine, image);
  say(`Running it by ${engine.name} ${runs.flags.join(" ")}`.trimEnd());
  const contents = await inspectContents(runs, image);
  const size = await sizeAboveBase(engine, { image, base: options.base });
  const load = await withModels((models) => restartUnderLoad(runs, { ...options, image, models }));
  return {
    bench: "image-check",
    figures: { engine: engine.name, image, ...size, ...contents.figures, ...load.figures },
    floors: {},
    limits,
    missed: [
      ...(size.aboveBaseMb > limits.aboveBaseMb
        ? [`layers above the base have ${size.aboveBaseMb} MB, more than ${limits.aboveBaseMb}`]
        : []),
      ...contents.missed,
      ...load.missed,
    ],
    invalid: load.invalid,
  };
}

async function withModels<Result>(use: (models: string) => Promise<Result>): Promise<Result> {
  const models = await mkdtemp(join(tmpdir(), "crossfade-image-check-"));
  try {
    say("Training a small model");
    const world = createWorld({ listeners: 600, playlists: 500 });
    const training = { dims: 32, epochs: 10 };
    await buildPlaylistsBundle(join(models, "playlists", "1"), { world, version: "1", training });
    // The user in the containers is another one.
    await chmod(models, 0o755);
    return await use(models);
  } finally {
    await rm(models, { recursive: true, force: true });
  }
}

function say(what: string): void {
  process.stderr.write(`${what}\n`);
}

// Only an exit ends the processes that were started.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(2));

await main();
