import { environments } from "../environments.ts";
import type { Scene } from "../scene.ts";
import { componentOf, isGpu, podsOf } from "../workloads.ts";

export const placement: Scene = {
  name: "placement",
  about: "pods are on nodes of their kind, replicas of a pool in both zones",
  async play({ api }) {
    const byNode = new Map<string, number>();
    for (const { name } of environments) {
      const placed = (await podsOf(api, name)).filter(({ spec }) => spec.nodeName !== undefined);
      for (const pod of placed) {
        const node = pod.spec.nodeName!;
        byNode.set(node, (byNode.get(node) ?? 0) + 1);
        if (isGpu(pod) !== node.startsWith("gpu-")) {
          throw new Error(`${pod.metadata.name} of ${name} is on ${node}`);
        }
      }
      assertSpread(name, placed);
    }
    return Array.from(byNode, ([node, count]) => `${node} ${count}`)
      .toSorted()
      .join(", ");
  },
};

type Placed = Awaited<ReturnType<typeof podsOf>>;

function assertSpread(namespace: string, placed: Placed): void {
  const onCpu = placed.filter((pod) => !isGpu(pod));
  for (const [component, pods] of groupBy(onCpu, componentOf)) {
    const nodes = new Set(pods.map(({ spec }) => spec.nodeName));
    if (pods.length > 1 && nodes.size === 1) {
      throw new Error(`all ${pods.length} pods of ${component} in ${namespace} are on one node`);
    }
  }
}

function groupBy<One>(all: readonly One[], keyOf: (one: One) => string): Map<string, One[]> {
  const groups = new Map<string, One[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}
