import { chart, type Cluster } from "../cluster.ts";
import { environments, release } from "../environments.ts";
import { addNamespace } from "../namespace.ts";
import type { Scene } from "../scene.ts";

/** As Argo CD does it: without Helm's own records, and the test pod with the rest. */
export const serverSideApply: Scene = {
  name: "server-side apply",
  about: "the API server takes every object of the three environments, unknown fields refused",
  async play(cluster) {
    const counts: string[] = [];
    for (const { name, values } of environments) {
      counts.push(`${name} ${await applyOnce(cluster, `applied-${name}`, values)}`);
    }
    return `objects: ${counts.join(", ")}`;
  },
};

/** Resolves to how many objects there were. */
async function applyOnce(cluster: Cluster, namespace: string, values: string): Promise<number> {
  const { api, helm, kubectl } = cluster;
  await addNamespace(api, namespace);
  const objects = await helm("template", release, chart, "-f", values, "--namespace", namespace);
  const flags = ["--server-side", "--validate=strict", "--output=name", "--filename=-"];
  const taken = await kubectl(["apply", ...flags, `--namespace=${namespace}`], objects);
  await kubectl(["delete", "namespace", namespace, "--wait=false"]);
  return taken.split("\n").length;
}
