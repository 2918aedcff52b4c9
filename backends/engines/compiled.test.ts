import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const repository = fileURLToPath(new URL("../..", import.meta.url));

test("engines start from compiled JavaScript", () => {
  // Inside the repository, so that the packages are found.
  mkdirSync(join(repository, ".crossfade"), { recursive: true });
  const folder = mkdtempSync(join(repository, ".crossfade", "compiled-"));
  try {
    const config = {
      extends: join(repository, "tsconfig.json"),
      compilerOptions: { noEmit: false, outDir: folder, rootDir: repository },
      files: ["probe-process", "session-worker"].map((name) =>
        join(repository, "backends", "engines", `${name}.ts`),
      ),
      include: [],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const compiler = join(repository, "node_modules", ".bin", "tsc");
    execFileSync(compiler, ["--project", folder], { stdio: "inherit" });
    const probe = join(folder, "backends", "engines", "probe-process.js");
    const finding = execFileSync(process.execPath, [probe, "cpu"], { encoding: "utf8" });
    expect(JSON.parse(finding)).toMatchObject({ works: true });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
