import { type Api, create } from "./api.ts";

/** A machine that does not exist, as its kubelet would register it. */
export interface NodeOptions {
  readonly name: string;
  readonly zone: string;
  readonly gpu?: {
    /** As GPU feature discovery calls it. */
    readonly product: string;
    /** That its device plugin offers. */
    readonly count: number;
  };
}

export const gpuTaint = "nvidia.com/gpu";

export async function addNode(api: Api, { name, zone, gpu }: NodeOptions): Promise<void> {
  const resources = {
    cpu: "32",
    memory: "128Gi",
    pods: "110",
    ...(gpu && gpu.count > 0 && { "nvidia.com/gpu": `${gpu.count}` }),
  };
  await create(api, "/api/v1/nodes", {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/zone": zone,
        pool: gpu ? "gpu" : "cpu",
        ...(gpu && { "nvidia.com/gpu.product": gpu.product, "nvidia.com/gpu.present": "true" }),
      },
    },
    spec: gpu ? { taints: [{ key: gpuTaint, value: "true", effect: "NoSchedule" }] } : {},
    status: { capacity: resources, allocatable: resources },
  });
}

/** Two for processors alone, in two zones. */
export async function addCpuNodes(api: Api): Promise<void> {
  for (const zone of ["a", "b"]) await addNode(api, { name: `cpu-${zone}`, zone });
}
