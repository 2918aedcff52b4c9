import { type Answer, messageOf } from "../api.ts";
import type { Cluster } from "../cluster.ts";
import type { Scene } from "../scene.ts";
import { notYet, waitFor } from "../wait-for.ts";
import { componentOf, isReady, type Pod, podsOf } from "../workloads.ts";

interface Budget {
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly status: {
    readonly observedGeneration?: number;
    readonly disruptionsAllowed: number;
    readonly expectedPods: number;
  };
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  };
}

const namespace = "production";

export const eviction: Scene = {
  name: "eviction",
  about: "of each part of production one pod may be evicted; the next is refused with 429",
  async play(cluster) {
    const path = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;
    const budgets = await cluster.api.list<Budget>(path);
    const shared = budgets.filter(({ status }) => status.expectedPods > 1);
    if (shared.length === 0) throw new Error("no disruption budget guards more than one pod");
    const refusals: string[] = [];
    for (const { metadata, spec } of shared) {
      await untilAllowed(cluster, `${path}/${metadata.name}`);
      const component = spec.selector.matchLabels["app.kubernetes.io/component"]!;
      refusals.push(`${component}: ${await evictTwo(cluster, component)}`);
    }
    return refusals.join("; ");
  },
};

const everyNode = "--selector=kubernetes.io/os=linux";

async function untilAllowed({ api }: Cluster, path: string): Promise<void> {
  await waitFor({ what: `${path} allows one eviction` }, async () => {
    const { metadata, status } = await api.get<Budget>(path);
    const isCurrent = status.observedGeneration === metadata.generation;
    return isCurrent && status.disruptionsAllowed === 1 ? true : notYet(JSON.stringify(status));
  });
}

/** As when nodes are drained: none takes the pod that would come in the first one's place. */
async function evictTwo(cluster: Cluster, component: string): Promise<string> {
  const pods = (await podsOf(cluster.api, namespace)).filter(
    (pod) => componentOf(pod) === component && isReady(pod),
  );
  await cluster.kubectl(["cordon", everyNode]);
  try {
    const [allowed, refused] = [await evict(cluster, pods[0]!), await evict(cluster, pods[1]!)];
    const statuses = `${allowed.status}, then ${refused.status}`;
    if (allowed.status === 201 && refused.status === 429) return statuses;
    throw new Error(`${component} got ${statuses}: ${messageOf(refused.body)}`);
  } finally {
    await cluster.kubectl(["uncordon", everyNode]);
  }
}

function evict({ api }: Cluster, { metadata: { name } }: Pod): Promise<Answer> {
  return api.ask("POST", `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name },
  });
}
