import type { Cluster } from "../cluster.ts";
import { addNode } from "../nodes.ts";
import type { Scene } from "../scene.ts";
import { notYet, waitFor } from "../wait-for.ts";
import { isGpu, isReady, type Pod, podsOf } from "../workloads.ts";

/** Which GPU production's overlay asks for; canary takes any. */
const wanted = "NVIDIA-L4";
const other = "NVIDIA-A100-SXM4-80GB";

export const gpu: Scene = {
  name: "gpu",
  about: "GPU pods are pending without a GPU, and run when a node with the right one appears",
  async play(cluster) {
    const { api } = cluster;
    await Promise.all([untilPending(cluster, "canary"), untilPending(cluster, "production")]);
    await addNode(api, { name: "gpu-broken", zone: "a", gpu: { product: wanted, count: 0 } });
    await addNode(api, { name: "gpu-other", zone: "a", gpu: { product: other, count: 8 } });
    const canary = await untilPlaced(cluster, "canary");
    const waiting = await untilPending(cluster, "production");
    await addNode(api, { name: "gpu-l4-a", zone: "a", gpu: { product: wanted, count: 1 } });
    await addNode(api, { name: "gpu-l4-b", zone: "b", gpu: { product: wanted, count: 1 } });
    const production = await untilPlaced(cluster, "production");
    const stray = production.find((node) => !node.startsWith("gpu-l4-"));
    if (stray !== undefined) throw new Error(`a pod that wants ${wanted} is on ${stray}`);
    return `pending: "${waiting}"; then canary on ${canary.join()}, production on ${production.join()}`;
  },
};

/** Resolves to the scheduler's words, when it has given up on all of them for now. */
function untilPending({ api }: Cluster, namespace: string): Promise<string> {
  return waitFor({ what: `GPU pods of ${namespace} are unschedulable` }, async () => {
    const pods = (await podsOf(api, namespace)).filter(isGpu);
    const verdicts = pods.map(whyUnschedulable);
    const first = verdicts[0];
    if (first !== undefined && verdicts.every((why) => why !== undefined)) return first;
    return notYet(pods.map(describe).join(", ") || "no GPU pods");
  });
}

function untilPlaced({ api }: Cluster, namespace: string): Promise<readonly string[]> {
  return waitFor({ what: `GPU pods of ${namespace} are ready` }, async () => {
    const pods = (await podsOf(api, namespace)).filter(isGpu);
    if (pods.length > 0 && pods.every(isReady)) return pods.map(({ spec }) => spec.nodeName!);
    return notYet(pods.map(describe).join(", "));
  });
}

function whyUnschedulable({ status }: Pod): string | undefined {
  const scheduled = status.conditions?.find(({ type }) => type === "PodScheduled");
  return scheduled?.reason === "Unschedulable" ? scheduled.message : undefined;
}

function describe(pod: Pod): string {
  return `${pod.metadata.name} ${pod.status.phase} on ${pod.spec.nodeName ?? "no node"}`;
}
