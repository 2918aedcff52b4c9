import type { Api } from "./api.ts";
import { release } from "./environments.ts";

/** The parts that scenes read of what the API tells. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly { readonly image: string }[];
  };
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly Condition[];
  };
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface Workload {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly generation: number;
    readonly managedFields?: readonly { readonly manager: string; readonly operation: string }[];
  };
  readonly spec: { readonly replicas: number };
  readonly status: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
  };
}

const ofRelease = `labelSelector=${encodeURIComponent(`app.kubernetes.io/instance=${release}`)}`;

export function podsOf(api: Api, namespace: string): Promise<readonly Pod[]> {
  return api.list<Pod>(`/api/v1/namespaces/${namespace}/pods?${ofRelease}`);
}

/** Deployments and StatefulSets. */
export async function workloadsOf(api: Api, namespace: string): Promise<readonly Workload[]> {
  const kinds = { Deployment: "deployments", StatefulSet: "statefulsets" };
  const lists = await Promise.all(
    Object.entries(kinds).map(async ([kind, plural]) => {
      const path = `/apis/apps/v1/namespaces/${namespace}/${plural}?${ofRelease}`;
      return (await api.list<Workload>(path)).map((workload) => ({ ...workload, kind }));
    }),
  );
  return lists.flat();
}

export function componentOf({ metadata }: Pod | Workload): string {
  return metadata.labels["app.kubernetes.io/component"] ?? "";
}

export function isGpu({ metadata }: Pod | Workload): boolean {
  return metadata.labels["crossfade/class"] === "cuda";
}

export function isReady(pod: Pod): boolean {
  const ready = pod.status.conditions?.find(({ type }) => type === "Ready");
  return ready?.status === "True" && pod.metadata.deletionTimestamp === undefined;
}

/** Rolled out as it is wished, with everything up to date and available. */
export function isSettled({ metadata, spec, status }: Workload): boolean {
  const { observedGeneration, replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  return (
    observedGeneration === metadata.generation &&
    [replicas, updatedReplicas, availableReplicas].every((count) => count === spec.replicas)
  );
}

/** "router 2 of 3". */
export function describeWorkload(workload: Workload): string {
  const { spec, status } = workload;
  return `${componentOf(workload)} ${status.availableReplicas ?? 0} of ${spec.replicas}`;
}
