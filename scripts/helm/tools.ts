import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findGoProgram, goPrograms, installGoProgram } from "../../e2e/go-program.ts";

/** Programs that `npm run helm-check` runs: the machine's own, or built with Go outside the repository. */
export function findOrBuild(name: keyof typeof builds): string {
  const found = findGoProgram(name);
  if (found !== undefined) return found;
  console.log(`Building ${name} with Go, once; that takes some minutes.`);
  builds[name]();
  return findGoProgram(name)!;
}

const builds = {
  helm: () => installGoProgram("helm.sh/helm/v4/cmd/helm@v4.2.4"),
  kubeconform: () => installGoProgram("github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0"),
  "helm-unittest": buildHelmUnittest,
};

/** It replaces a module by another one, which `go install` does only for a main module: so it gets one around it. */
function buildHelmUnittest(): void {
  const folder = mkdtempSync(join(tmpdir(), "crossfade-helm-unittest-"));
  const own = "github.com/helm-unittest";
  const lines = [
    "module crossfade.invalid/tools",
    "go 1.26.0",
    `require ${own}/helm-unittest v1.1.2`,
    `replace github.com/vmware-labs/yaml-jsonpath v0.3.2 => ${own}/yaml-jsonpath v0.4.0`,
  ];
  try {
    writeFileSync(join(folder, "go.mod"), `${lines.join("\n")}\n`);
    const output = join(goPrograms, "helm-unittest");
    const args = ["build", "-mod=mod", "-o", output, `${own}/helm-unittest/cmd/helm-unittest`];
    execFileSync("go", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
