import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileServer } from "./bench/live/compile-server.ts";
import { conclude, type Outcome } from "./bench/live/verdict.ts";
import { startCaller } from "./chaos/caller.ts";
import { limits } from "./chaos/judge.ts";
import { overloadLimits } from "./chaos/judge-overload.ts";
import { playAll, type Results, takesMs } from "./chaos/play-all.ts";
import { createProgress } from "./chaos/progress.ts";
import { readOptions } from "./chaos/read-options.ts";
import { buildPlaylistsBundle } from "../cli/train/playlists-bundle.ts";
import { createWorld, listenerId } from "../loadtest/world/create-world.ts";

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) return;
  const { chosen, perSecond, forMs } = options;
  const root = await mkdtemp(join(tmpdir(), "crossfade-chaos-bundle-"));
  const progress = createProgress(takesMs(chosen, forMs));
  try {
    progress.say("training and exporting a model, compiling the sources");
    const world = createWorld();
    const bundle = await buildPlaylistsBundle(join(root, "1"), { world, version: "1" });
    await using compiled = await compileServer();
    await using caller = startCaller();
    const userIds = Array.from({ length: world.sizes.listeners }, (_, i) => listenerId(i));
    const playing = { dir: compiled.dir, bundle, caller, userIds, perSecond, forMs };
    const results = await playAll(chosen, playing, progress);
    conclude(outcomeOf(results, { perSecond, forMs }));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

function outcomeOf(results: Results, load: object): Outcome {
  const told = (what: "missed" | "invalid") =>
    Array.from(results, ([name, proven]) => proven[what].map((line) => `${name}: ${line}`)).flat();
  return {
    bench: "chaos",
    figures: { ...load, ...Object.fromEntries(results) },
    floors: {},
    limits: { failed: 0, strayed: 0, ...limits, overload: overloadLimits },
    missed: told("missed"),
    invalid: told("invalid"),
  };
}

// Only an exit ends the processes that were started.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(2));

await main();
