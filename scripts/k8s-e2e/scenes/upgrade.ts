import { setTimeout as sleep } from "node:timers/promises";
import { chart, type Cluster } from "../cluster.ts";
import { release } from "../environments.ts";
import type { Scene } from "../scene.ts";
import { notYet, waitFor } from "../wait-for.ts";
import {
  componentOf,
  describeWorkload,
  isGpu,
  isReady,
  isSettled,
  podsOf,
  workloadsOf,
} from "../workloads.ts";

const namespace = "canary";
const tag = "9.9.9";

export const upgrade: Scene = {
  name: "upgrade",
  about:
    "helm upgrade of canary to another image: no part has fewer ready pods than it should meanwhile",
  play: (cluster) =>
    roll(cluster, {
      start: () =>
        cluster.helm(
          "upgrade",
          release,
          chart,
          "--reuse-values",
          `--namespace=${namespace}`,
          `--set=image.tag=${tag}`,
        ),
      isNew: (image) => image.includes(tag),
    }),
};

export const rollback: Scene = {
  name: "rollback",
  about: "helm rollback of canary to the first revision: the same the other way",
  play: (cluster) =>
    roll(cluster, {
      start: () => cluster.helm("rollback", release, "1", "--namespace", namespace),
      isNew: (image) => !image.includes(tag),
    }),
};

interface Roll {
  readonly start: () => Promise<string>;
  readonly isNew: (image: string) => boolean;
}

/** Of the parts that have a spare; of GPUs one goes before one comes. */
async function roll(cluster: Cluster, { start, isNew }: Roll): Promise<string> {
  await untilSettled(cluster, () => true);
  const least = await readyCounts(cluster);
  const wanted = new Map(least);
  const over = new AbortController();
  const watching = watchLeast(cluster, least, over.signal);
  try {
    await start();
    const pods = await untilSettled(cluster, isNew);
    const short = [...wanted].find(([component, count]) => least.get(component)! < count);
    if (short) {
      const [component, count] = short;
      throw new Error(`${component} had ${least.get(component)} ready pods, not ${count}`);
    }
    const told = Array.from(least, ([component, count]) => `${component} ${count}`).join(", ");
    return `${pods} pods replaced; ready at all times: ${told}`;
  } finally {
    over.abort();
    await watching;
  }
}

async function readyCounts({ api }: Cluster): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const pod of (await podsOf(api, namespace)).filter((one) => !isGpu(one) && isReady(one))) {
    counts.set(componentOf(pod), (counts.get(componentOf(pod)) ?? 0) + 1);
  }
  return counts;
}

/** Lowers what it is given to the least that it sees until it is over. */
async function watchLeast(
  cluster: Cluster,
  least: Map<string, number>,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    const now = await readyCounts(cluster);
    for (const [component, count] of least) {
      least.set(component, Math.min(count, now.get(component) ?? 0));
    }
    await sleep(100);
  }
}

function untilSettled({ api }: Cluster, isNew: (image: string) => boolean): Promise<number> {
  return waitFor({ what: `${namespace} is rolled out`, withinMs: 300_000 }, async () => {
    const workloads = await workloadsOf(api, namespace);
    const pods = await podsOf(api, namespace);
    const told = workloads.map(describeWorkload).join(", ");
    const isDone =
      workloads.every(isSettled) &&
      pods.every((pod) => pod.spec.containers.every(({ image }) => isNew(image)));
    return isDone ? pods.length : notYet(told);
  });
}
