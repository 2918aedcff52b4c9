import { conclude, type Outcome } from "./bench/live/verdict.ts";
import { skip } from "./bench/live/skip.ts";
import { runCommand } from "./image/run-command.ts";
import { createCluster, type Cluster } from "./k8s-e2e/cluster.ts";
import { openControlPlane } from "./k8s-e2e/control-plane.ts";
import { addCrds } from "./k8s-e2e/crds.ts";
import { openCustomMetrics } from "./k8s-e2e/custom-metrics.ts";
import { environments } from "./k8s-e2e/environments.ts";
import { addCpuNodes } from "./k8s-e2e/nodes.ts";
import { type Played, playScenes, tableOf } from "./k8s-e2e/play-scenes.ts";
import { ensurePrograms, type Programs } from "./k8s-e2e/programs.ts";
import { readOptions } from "./k8s-e2e/read-options.ts";
import { scenes } from "./k8s-e2e/scenes.ts";
import { addNamespace } from "./k8s-e2e/namespace.ts";
import { addVolumes } from "./k8s-e2e/volumes.ts";

const bench = "k8s-e2e";

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) return;
  const go = await runCommand("go", ["version"]);
  if (!go.ok)
    return skip(bench, `there is no Go here to build Kubernetes with (${go.stderr.trim()})`);
  const programs = await ensurePrograms(say);
  if (programs.failed.size > 0) return conclude(withoutPrograms(programs));
  if (options.buildOnly) return;
  conclude(outcomeOf(programs, await play(programs)));
}

async function play(programs: Programs): Promise<readonly Played[]> {
  await using plane = await openControlPlane(programs, say);
  say("Adding a metrics adapter");
  await using metrics = await openCustomMetrics(plane.api);
  const cluster = createCluster({ programs, plane, metrics });
  await prepare(cluster);
  const played = await playScenes(scenes, cluster, say);
  console.log(tableOf(played));
  return played;
}

async function prepare(cluster: Cluster): Promise<void> {
  say("Adding nodes, volumes, namespaces and definitions of others' kinds");
  await addCpuNodes(cluster.api);
  await addVolumes(cluster.api, 8);
  for (const { name } of environments) await addNamespace(cluster.api, name);
  await addCrds(cluster);
}

function outcomeOf({ kubernetesVersion }: Programs, played: readonly Played[]): Outcome {
  const failed = played.filter(({ passed }) => !passed);
  return {
    bench,
    figures: { kubernetesVersion, scenes: played },
    floors: {},
    limits: { failed: 0 },
    missed: failed.map(({ scene, told }) => `${scene}: ${told}`),
    invalid: [],
  };
}

function withoutPrograms({ kubernetesVersion, failed }: Programs): Outcome {
  const invalid = Array.from(failed, ([name, why]) => `${name} could not be built: ${why}`);
  return { bench, figures: { kubernetesVersion }, floors: {}, limits: {}, missed: [], invalid };
}

function say(what: string): void {
  process.stderr.write(`${what}\n`);
}

// Only an exit ends the processes that were started.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(2));

await main();
