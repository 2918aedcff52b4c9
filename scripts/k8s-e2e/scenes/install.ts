import { chart, type Cluster } from "../cluster.ts";
import { type Environment, environments, release } from "../environments.ts";
import type { Scene } from "../scene.ts";
import { notYet, waitFor } from "../wait-for.ts";
import { describeWorkload, isGpu, isSettled, workloadsOf } from "../workloads.ts";

export const install: Scene = {
  name: "install",
  about: "helm install of the three environments; everything but GPU pods becomes available",
  async play(cluster) {
    const seen: string[] = [];
    for (const environment of environments) {
      await installOne(cluster, environment);
      seen.push(`${environment.name}: ${await untilAvailable(cluster, environment.name)}`);
    }
    return seen.join("; ");
  },
};

async function installOne({ helm, api }: Cluster, { name, values }: Environment): Promise<void> {
  await helm("install", release, chart, "-f", values, "--namespace", name);
  const managers = (await workloadsOf(api, name)).flatMap(
    ({ metadata }) => metadata.managedFields ?? [],
  );
  if (!managers.some(({ manager, operation }) => manager === "helm" && operation === "Apply")) {
    throw new Error(`helm did not apply ${name} server-side`);
  }
}

function untilAvailable({ api }: Cluster, namespace: string): Promise<string> {
  return waitFor({ what: `${namespace} is available`, withinMs: 180_000 }, async () => {
    const workloads = (await workloadsOf(api, namespace)).filter((one) => !isGpu(one));
    const told = workloads.map(describeWorkload).join(", ");
    return workloads.length > 0 && workloads.every(isSettled) ? told : notYet(told);
  });
}
