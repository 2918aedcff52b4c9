import { messageOf } from "../api.ts";
import type { Cluster } from "../cluster.ts";
import type { Scene } from "../scene.ts";
import { notYet, waitFor } from "../wait-for.ts";
import { componentOf, isReady, podsOf } from "../workloads.ts";

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

async function untilAllowed({ api }: Cluster, path: string): Promise<void> {
  await waitFor({ what: `${path} allows one eviction` }, async () => {
    const { metadata, status } = await api.get<Budget>(path);
    const isCurrent = status.observedGeneration === metadata.generation;
    return isCurrent && status.disruptionsAllowed === 1 ? true : notYet(JSON.stringify(status));
  });
}

/** One right after the other: the second must be refused, however soon a new pod takes the first one's place. */
async function evictTwo({ api }: Cluster, component: string): Promise<string> {
  const pods = (await podsOf(api, namespace)).filter(
    (pod) => componentOf(pod) === component && isReady(pod),
  );
  const evict = (name: string) =>
    api.ask("POST", `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name },
    });
  const [first, second] = pods.map(({ metadata }) => metadata.name);
  const allowed = await evict(first!);
  const refused = await evict(second!);
  const words = messageOf(refused.body);
  if (allowed.status !== 201 || refused.status !== 429) {
    throw new Error(
      `${component}: evictions got ${allowed.status} and ${refused.status}: ${words}`,
    );
  }
  return `201, then 429`;
}
