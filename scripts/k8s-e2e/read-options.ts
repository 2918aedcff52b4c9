import { parseArgs } from "node:util";

export interface K8sOptions {
  /** Builds, and nothing else. */
  readonly buildOnly: boolean;
}

const help = `Shows the chart on a real Kubernetes API server: etcd, kube-apiserver, kube-controller-manager and kube-scheduler,
with nodes and containers that kwok pretends. Everything listens on loopback and ends with the command.

  npm run k8s-e2e                  builds what is missing (with Go: half an hour or more on 2 cores, once), then 5 to 10 min
  npm run k8s-e2e -- --build-only  builds, and ends

The programs are kept in ~/.cache/crossfade/kubernetes. Skipped, with the reason, where there is no Go.
`;

/** Undefined after `--help` was printed or a flag was wrong, which sets the exit code. */
export function readOptions(args: string[]): K8sOptions | undefined {
  try {
    const flag = { type: "boolean" } as const;
    const { values } = parseArgs({ args, options: { "build-only": flag, help: flag } });
    if (values.help !== true) return { buildOnly: values["build-only"] === true };
    process.stdout.write(help);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`);
    process.exitCode = 2;
  }
  return undefined;
}
