import type { Cluster } from "../cluster.ts";
import type { Scene } from "../scene.ts";
import { notYet, waitFor } from "../wait-for.ts";

interface Autoscaler {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly minReplicas: number;
    readonly metrics: readonly {
      readonly pods?: {
        readonly metric: { readonly name: string };
        readonly target: { readonly averageValue: string };
      };
    }[];
  };
  readonly status: {
    readonly currentReplicas?: number;
    readonly desiredReplicas?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message: string;
    }[];
  };
}

const namespace = "production";
const path = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`;
/** Few enough for one step of all autoscalers of the chart. */
const more = 2;

export const scaling: Scene = {
  name: "scaling",
  about: "autoscalers of production add pods by each of their metrics, and only then",
  async play(cluster) {
    const scalers = await listScalers(cluster);
    const idle = scalers.flatMap(({ spec }) => spec.metrics.map((one) => one.pods!.metric.name));
    for (const name of idle) cluster.metrics.set(namespace, name, 0);
    const seen: string[] = [];
    for (const { metadata, spec } of scalers) {
      for (const metric of spec.metrics) {
        const { name } = metric.pods!.metric;
        const average = readQuantity(metric.pods!.target.averageValue);
        seen.push(await scaleBy(cluster, metadata.name, { name, average }));
      }
    }
    if (seen.length === 0) throw new Error("production has no autoscalers");
    return seen.join("; ");
  },
};

function listScalers({ api }: Cluster): Promise<readonly Autoscaler[]> {
  return api.list(path);
}

interface Metric {
  readonly name: string;
  /** Of each pod, that the autoscaler aims at. */
  readonly average: number;
}

/** Idle until now, then as busy as takes two pods more than there are. */
async function scaleBy(cluster: Cluster, scaler: string, metric: Metric): Promise<string> {
  const { api, metrics } = cluster;
  const watch = (what: string, fits: (seen: Autoscaler) => boolean) =>
    waitFor({ what: `${scaler} ${what}`, withinMs: 240_000 }, async () => {
      const seen = await api.get<Autoscaler>(`${path}/${scaler}`);
      return fits(seen) ? seen : notYet(JSON.stringify(seen.status));
    });
  const calm = await watch("reads its metrics and rests", (seen) => isActive(seen) && rests(seen));
  const before = calm.status.currentReplicas!;
  const wanted = before + more;
  metrics.set(namespace, metric.name, metric.average * (wanted - 0.5));
  await watch(`has ${wanted} pods for ${metric.name}`, (seen) => {
    const { currentReplicas, desiredReplicas } = seen.status;
    return currentReplicas === wanted && desiredReplicas === wanted;
  });
  metrics.set(namespace, metric.name, 0);
  return `${scaler} ${before} -> ${wanted} by ${metric.name}`;
}

function isActive({ status }: Autoscaler): boolean {
  const active = status.conditions?.find(({ type }) => type === "ScalingActive");
  return active?.status === "True";
}

function rests({ status }: Autoscaler): boolean {
  return status.currentReplicas !== undefined && status.currentReplicas === status.desiredReplicas;
}

/** "10m", "64". */
function readQuantity(text: string): number {
  const [, digits, milli] = /^(\d+)(m?)$/.exec(text) ?? [];
  if (digits === undefined) throw new Error(`${text} is no quantity that this reads`);
  return Number(digits) / (milli === "m" ? 1_000 : 1);
}
