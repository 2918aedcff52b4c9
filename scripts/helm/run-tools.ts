import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argoFolder, chart, environments, goldens, schemasFile } from "./paths.ts";
import { overlayOf, render } from "./render.ts";
import type { StrictSchemas } from "./strict-schemas.ts";
import { findGoProgram } from "../../e2e/go-program.ts";
import { findOrBuild } from "./tools.ts";

/** The chart as it comes, and with every overlay. */
export async function lint(): Promise<readonly string[]> {
  const helm = findOrBuild("helm");
  const overlays = [[], ...environments.map(overlayOf)];
  const runs = overlays.map((overlay) =>
    complaintsOf(helm, ["lint", "--strict", chart, ...overlay]),
  );
  return (await Promise.all(runs)).flat();
}

export function unitTest(): Promise<readonly string[]> {
  return complaintsOf(findOrBuild("helm-unittest"), [chart]);
}

/** Goldens and what Argo CD gets, by the committed schemas in files as kubeconform wants them. */
export async function conform(): Promise<readonly string[]> {
  const kubeconform = findOrBuild("kubeconform");
  const { kinds, definitions } = JSON.parse(await readFile(schemasFile, "utf8")) as StrictSchemas;
  const folder = await mkdtemp(join(tmpdir(), "crossfade-schemas-"));
  try {
    for (const [kind, schema] of Object.entries(kinds))
      await writeFile(join(folder, fileOf(kind)), JSON.stringify({ ...schema, definitions }));
    const files = [...environments.map((one) => `${goldens}/${one}.yaml`), ...argoFiles];
    const place = `${folder}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
    const args = ["-strict", "-summary", "-schema-location", place, ...files];
    return await complaintsOf(kubeconform, args);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** "apps/v1/Deployment" is looked for in deployment-apps-v1.json; of a group only the first word. */
function fileOf(apiVersionAndKind: string): string {
  const [kind = "", version = "", group] = apiVersionAndKind.toLowerCase().split("/").toReversed();
  const suffix = group === undefined ? version : `${group.split(".")[0]}-${version}`;
  return `${kind}-${suffix}.json`;
}

const argoFiles = ["project.yaml", "application-set.yaml"].map((name) => `${argoFolder}${name}`);

/** Where `helm3` is on the PATH or beside the other tools; Helm 4 is the one that the goldens are of. */
export async function sameInHelm3(): Promise<readonly string[]> {
  const helm3 = findGoProgram("helm3");
  if (helm3 === undefined) {
    console.log("skipped: there is no helm3 here");
    return [];
  }
  const compared = environments.map(async (environment) => {
    const golden = await readFile(`${goldens}/${environment}.yaml`, "utf8");
    const rendered = await render(overlayOf(environment), helm3);
    return objectsOf(rendered) === objectsOf(golden) ? [] : [`Helm 3 makes another ${environment}`];
  });
  return (await Promise.all(compared)).flat();
}

/** Helm 3 and 4 differ in empty lines, and in the order of objects. */
function objectsOf(rendered: string): string {
  const bare = rendered.replaceAll(/\n{2,}/g, "\n").trimEnd();
  return bare
    .split(/^---\n/m)
    .map((one) => one.trimEnd())
    .sort()
    .join("\n---\n");
}

/** Nothing when it ends well; else all that it printed. */
function complaintsOf(program: string, args: readonly string[]): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let printed = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
    child.on("error", reject);
    child.on("close", (code) => resolve(code === 0 ? [] : [printed]));
  });
}
