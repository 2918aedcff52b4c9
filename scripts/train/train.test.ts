import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { cacheFolder } from "../../e2e/cache-folder.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Made by the first run of `scripts/train/train`, and found as it finds it. */
function environment(): string {
  const lock = createHash("sha256").update(readFileSync(join(here, "requirements.lock")));
  return join(cacheFolder, `train-${lock.digest("hex").slice(0, 12)}`);
}

const python = join(environment(), "bin", "python");
const reason = `${python} is not there: "scripts/train/train --help" makes it (PyTorch is some gigabytes)`;

test("the trainer's own tests pass", { timeout: 240_000 }, async (context) => {
  const isMissing = !existsSync(python);
  if (isMissing) console.warn(`skipped: ${reason}`);
  context.skip(isMissing, reason);
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", OMP_WAIT_POLICY: "passive" };
  const run = promisify(execFile);
  const { stderr } = await run(
    python,
    ["-m", "unittest", "discover", "-b", "-s", "tests", "-t", "."],
    {
      cwd: here,
      env,
    },
  );
  expect(stderr).toMatch(/Ran \d\d tests[^]*\nOK\n$/);
});
