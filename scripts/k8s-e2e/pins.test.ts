import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const pins = readFileSync(new URL("programs/go.mod", import.meta.url), "utf8");
const sums = readFileSync(new URL("programs/go.sum", import.meta.url), "utf8");
const kubernetes = /^\tk8s\.io\/kubernetes v1\.(\S+)$/m.exec(pins)?.[1];

test("the libraries of Kubernetes are those of its version", () => {
  const replaced = [...pins.matchAll(/^\t(k8s\.io\/\S+) => \1 v(\S+)$/gm)];
  expect(replaced.length).toBeGreaterThan(30);
  for (const [, name, version] of replaced)
    expect(`${name} ${version}`).toBe(`${name} 0.${kubernetes}`);
});

test("every program has a version and checksums", () => {
  const modules = ["go.etcd.io/etcd/server/v3", "helm.sh/helm/v4", "sigs.k8s.io/kwok"];
  for (const module of modules) {
    const version = new RegExp(`^\\t${module} (v\\S+)$`, "m").exec(pins)?.[1];
    expect(sums).toContain(`${module} ${version} h1:`);
  }
});
