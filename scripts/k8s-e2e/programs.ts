import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../../e2e/cache-folder.ts";
import { isExecutable } from "../../e2e/go-program.ts";
import { mustRun, runCommand } from "../image/run-command.ts";
import { buildGoProgram } from "./build-go-program.ts";

/** The module that pins them all: one version of each library, compiled once for all of them. */
const module = fileURLToPath(new URL("programs", import.meta.url));
const kubernetesVersion = readKubernetesVersion();

export interface Program {
  readonly name: string;
  /** Of Go. */
  readonly main: string;
  /** That are compiled for it when those before have been; for estimates. */
  readonly packages: number;
}

const command = (name: string, packages: number): Program => ({
  name,
  main: `k8s.io/kubernetes/cmd/${name}`,
  packages,
});

const programs: readonly Program[] = [
  { name: "etcd", main: "go.etcd.io/etcd/server/v3", packages: 604 },
  command("kube-apiserver", 1_568),
  command("kube-controller-manager", 381),
  command("kube-scheduler", 6),
  command("kubectl", 193),
  { name: "kwok", main: "sigs.k8s.io/kwok/cmd/kwok", packages: 72 },
  { name: "helm", main: "helm.sh/helm/v4/cmd/helm", packages: 234 },
];

/** Programs by name, and why those are missing that could not be built. */
export interface Programs {
  path(name: string): string;
  readonly failed: ReadonlyMap<string, string>;
  readonly kubernetesVersion: string;
  /** Its module, which has more than the program. */
  readonly kwokFolder: string;
}

export type Say = (what: string) => void;

/** Builds what is not built yet, outside the repository, one after the other. */
export async function ensurePrograms(say: Say): Promise<Programs> {
  const folder = programsFolder();
  mkdirSync(folder, { recursive: true });
  const failed = new Map<string, string>();
  const missing = programs.filter(({ name }) => !isExecutable(join(folder, name)));
  say(tell(missing, folder));
  const estimate = createEstimate(missing);
  for (const program of missing) {
    const part = join(folder, `${program.name}.part`);
    const building = { module, main: program.main, out: part, linkerFlags };
    try {
      await buildGoProgram(building, (compiled) => say(estimate.at(program, compiled)));
      await rename(part, join(folder, program.name));
      estimate.done(program);
    } catch (error) {
      failed.set(program.name, (error as Error).message);
      say(`${program.name} could not be built: ${(error as Error).message}`);
    }
  }
  const kwokFolder = await findModule("sigs.k8s.io/kwok");
  return { path: (name) => join(folder, name), failed, kubernetesVersion, kwokFolder };
}

/** What charts see as the cluster's version; else it would be v0.0.0. */
const linkerFlags = [
  "-s -w",
  ...Object.entries({
    gitVersion: kubernetesVersion,
    gitMajor: kubernetesVersion.slice(1).split(".")[0]!,
    gitMinor: kubernetesVersion.split(".")[1]!,
  }).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`),
].join(" ");

function readKubernetesVersion(): string {
  const pins = readFileSync(join(module, "go.mod"), "utf8");
  const version = /^\tk8s\.io\/kubernetes (v\S+)$/m.exec(pins)?.[1];
  if (version === undefined) throw new Error(`${module}/go.mod names no k8s.io/kubernetes`);
  return version;
}

/** Another pin, another folder. */
function programsFolder(): string {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(module, file)));
  const name = `${kubernetesVersion}-${hash.digest("hex").slice(0, 12)}`;
  return join(cacheFolder, "kubernetes", name);
}

/** Resolves to its folder in Go's cache, where it is fetched to when it is not there any more. */
async function findModule(path: string): Promise<string> {
  const around = { cwd: module };
  await mustRun(runCommand("go", ["mod", "download", path], around), `go mod download ${path}`);
  return mustRun(runCommand("go", ["list", "-m", "-f", "{{.Dir}}", path], around), "go list");
}

function tell(missing: readonly Program[], folder: string): string {
  const names = missing.map(({ name }) => name).join(", ");
  const built = `Built: ${programs.length - missing.length} of ${programs.length} programs of Kubernetes ${kubernetesVersion}, in ${folder}`;
  return missing.length === 0
    ? built
    : `${built}\nTo build: ${names} (half an hour or more on 2 cores)`;
}

function createEstimate(missing: readonly Program[]) {
  const all = missing.reduce((sum, { packages }) => sum + packages, 0);
  const startedMs = performance.now();
  let before = 0;
  return {
    at(program: Program, compiled: number): string {
      const done = before + Math.min(compiled, program.packages);
      const spentMs = performance.now() - startedMs;
      const leftMin = done === 0 ? 30 : Math.ceil((spentMs * (all - done)) / done / 60_000);
      return `Building ${program.name}: ${compiled} packages (about ${leftMin} min left for all)`;
    },
    done: ({ packages }: Program) => void (before += packages),
  };
}
