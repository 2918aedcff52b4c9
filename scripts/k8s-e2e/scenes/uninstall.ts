import type { Cluster } from "../cluster.ts";
import { environments, release } from "../environments.ts";
import type { Scene } from "../scene.ts";
import { notYet, waitFor } from "../wait-for.ts";

/** That every namespace has, and what tells of the past. */
const always = /^(configmap\/kube-root-ca\.crt|serviceaccount\/default|event.*)$/;
/** Kept on purpose: what a StatefulSet wrote outlives it, until somebody deletes its claim. */
const claim = /^persistentvolumeclaim\//;

export const uninstall: Scene = {
  name: "uninstall",
  about: "helm uninstall leaves nothing but the claims of volumes, and those can be deleted",
  async play(cluster) {
    const kinds = await listKinds(cluster);
    const seen: string[] = [];
    for (const { name } of environments) {
      await cluster.helm("uninstall", release, "--namespace", name);
      const claims = await untilGone(cluster, { namespace: name, kinds, kept: claim });
      const ofRelease = `--selector=app.kubernetes.io/instance=${release}`;
      await cluster.kubectl(["delete", "persistentvolumeclaims", ofRelease, `--namespace=${name}`]);
      await untilGone(cluster, { namespace: name, kinds, kept: /^$/ });
      seen.push(`${name}: ${claims.join(", ") || "nothing"}`);
    }
    return `of ${kinds.length} kinds there were left: ${seen.join("; ")}`;
  },
};

/** Of everything that namespaces hold, other than metrics. */
async function listKinds({ kubectl }: Cluster): Promise<readonly string[]> {
  const flags = ["--verbs=list,delete", "--namespaced", "--output=name"];
  return (await kubectl(["api-resources", ...flags])).split("\n");
}

interface Search {
  readonly namespace: string;
  readonly kinds: readonly string[];
  readonly kept: RegExp;
}

/** Resolves to what was kept. */
function untilGone({ kubectl }: Cluster, search: Search): Promise<readonly string[]> {
  const { namespace, kinds, kept } = search;
  return waitFor({ what: `${namespace} is empty`, withinMs: 120_000 }, async () => {
    const told = await kubectl(["get", kinds.join(), `--namespace=${namespace}`, "--output=name"]);
    const names = told.split("\n").filter((name) => name !== "" && !always.test(name));
    const rest = names.filter((name) => !kept.test(name));
    return rest.length === 0 ? names : notYet(rest.join(", "));
  });
}
