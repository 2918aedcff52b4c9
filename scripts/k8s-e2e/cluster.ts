import { fileURLToPath } from "node:url";
import { mustRun, runCommand } from "../image/run-command.ts";
import type { Api } from "./api.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { CustomMetrics } from "./custom-metrics.ts";
import type { Programs } from "./programs.ts";

/** What scenes play on. */
export interface Cluster {
  readonly api: Api;
  readonly metrics: CustomMetrics;
  /** Resolves to what it prints; rejects with what it complains about. */
  readonly helm: (...args: readonly string[]) => Promise<string>;
  /** @param input Its standard input. */
  readonly kubectl: (args: readonly string[], input?: string) => Promise<string>;
}

export const chart = fileURLToPath(new URL("../../helm/crossfade", import.meta.url));

export interface ClusterParts {
  readonly programs: Programs;
  readonly plane: ControlPlane;
  readonly metrics: CustomMetrics;
}

export function createCluster({ programs, plane, metrics }: ClusterParts): Cluster {
  const { api, kubeconfig, folder } = plane;
  const env = {
    KUBECONFIG: kubeconfig,
    // Nothing of whoever runs this, and nothing left behind.
    HELM_CACHE_HOME: `${folder}/helm`,
    HELM_CONFIG_HOME: `${folder}/helm`,
    HELM_DATA_HOME: `${folder}/helm`,
    KUBECACHEDIR: `${folder}/kubectl`,
  };
  const run = (name: string, args: readonly string[], input?: string) =>
    mustRun(runCommand(programs.path(name), args, { env, input }), `${name} ${args[0]}`);
  return {
    api,
    metrics,
    helm: (...args) => run("helm", args),
    kubectl: (args, input) => run("kubectl", args, input),
  };
}
