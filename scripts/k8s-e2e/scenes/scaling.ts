import type { Cluster } from "../cluster.ts";
import type { MetricOf } from "../custom-metrics.ts";
import type { Scene } from "../scene.ts";
import { notYet, waitFor } from "../wait-for.ts";

interface Autoscaler {
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
  };
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
    const all = scalers.flatMap(metricsOf);
    for (const { of } of all) cluster.metrics.set(of, 0);
    const seen: string[] = [];
    for (const metric of all) seen.push(await scaleBy(cluster, metric));
    if (seen.length === 0) throw new Error("production has no autoscalers");
    return seen.join("; ");
  },
};

function listScalers({ api }: Cluster): Promise<readonly Autoscaler[]> {
  return api.list(path);
}

interface Metric {
  /** The autoscaler's name. */
  readonly scaler: string;
  readonly of: MetricOf;
  /** Of each pod, that the autoscaler aims at. */
  readonly average: number;
}

function metricsOf({ metadata, spec }: Autoscaler): readonly Metric[] {
  return spec.metrics.map(({ pods }) => ({
    scaler: metadata.name,
    of: {
      namespace,
      component: metadata.labels["app.kubernetes.io/component"]!,
      metric: pods!.metric.name,
    },
    average: readQuantity(pods!.target.averageValue),
  }));
}

/** Idle until now, then as busy as takes two pods more than there are. */
async function scaleBy({ api, metrics }: Cluster, metric: Metric): Promise<string> {
  const { scaler, of, average } = metric;
  const watch = (what: string, fits: (seen: Autoscaler) => boolean) =>
    waitFor({ what: `${scaler} ${what}`, withinMs: 240_000 }, async () => {
      const seen = await api.get<Autoscaler>(`${path}/${scaler}`);
      return fits(seen) ? seen : notYet(JSON.stringify(seen.status));
    });
  const calm = await watch("reads its metrics and rests", (seen) => isActive(seen) && rests(seen));
  const before = calm.status.currentReplicas!;
  const wanted = before + more;
  // More than a tenth above what one pod less could take, which autoscalers put up with, and never rounded up to one more.
  metrics.set(of, average * (wanted - 0.3));
  await watch(`has ${wanted} pods for ${of.metric}`, (seen) => {
    const { currentReplicas, desiredReplicas } = seen.status;
    return currentReplicas === wanted && desiredReplicas === wanted;
  });
  metrics.set(of, 0);
  return `${scaler} ${before} -> ${wanted} by ${of.metric}`;
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
