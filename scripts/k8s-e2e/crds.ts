import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun, runCommand } from "../image/run-command.ts";
import type { Cluster } from "./cluster.ts";

/** Definitions of kinds that others bring, out of their Go modules. */
interface Source {
  readonly module: string;
  /** As go.sum has it. */
  readonly sum: string;
  readonly folder: string;
  readonly files: readonly string[];
}

const sources: readonly Source[] = [
  {
    module: "github.com/prometheus-operator/prometheus-operator@v0.85.0",
    sum: "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=",
    folder: "example/prometheus-operator-crd",
    files: ["podmonitors", "prometheusrules", "servicemonitors"].map(
      (kind) => `monitoring.coreos.com_${kind}.yaml`,
    ),
  },
  {
    module: "sigs.k8s.io/gateway-api@v1.6.3",
    sum: "h1:lKpJa5bGlraC/QeACvCpsHLdmO6y0iKfzVl6gzaFEYc=",
    folder: "config/crd/standard",
    files: ["gateways", "grpcroutes"].map((kind) => `gateway.networking.k8s.io_${kind}.yaml`),
  },
];

/** Until the API server knows the kinds. */
export async function addCrds({ kubectl }: Cluster): Promise<void> {
  for (const source of sources) {
    const folder = join(await download(source), source.folder);
    const there = await readdir(folder);
    for (const file of source.files) {
      if (!there.includes(file))
        throw new Error(`${source.module} has no ${source.folder}/${file}`);
      const text = await readFile(join(folder, file), "utf8");
      await kubectl(["apply", "--server-side", "--filename=-"], text);
    }
  }
  await kubectl(["wait", "--for=condition=Established", "crds", "--all", "--timeout=60s"]);
}

/** Resolves to its folder in Go's cache. */
async function download({ module, sum }: Source): Promise<string> {
  const told = await mustRun(runCommand("go", ["mod", "download", "-json", module]), module);
  const { Dir, Sum } = JSON.parse(told) as { readonly Dir: string; readonly Sum: string };
  if (Sum !== sum) throw new Error(`${module} has the checksum ${Sum}, not ${sum}`);
  return Dir;
}
