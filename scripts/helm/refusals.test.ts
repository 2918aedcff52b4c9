import { expect, test } from "vitest";
import { stringify } from "yaml";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { helm, HelmRefusal, render } from "./render.ts";

/* Some of what `helm template` says of values that cannot work; all of it is in helm/crossfade/tests/refusals_test.yaml. */

if (helm === undefined)
  console.log("Skipped: there is no helm here; npm run helm-check builds one, with Go.");

type Values = Readonly<Record<string, unknown>>;

async function refusal(values: Values): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "crossfade-values-"));
  const file = join(folder, "values.yaml");
  writeFileSync(file, stringify(values));
  try {
    await render(["--values", file]);
    return "none";
  } catch (error) {
    if (error instanceof HelmRefusal) return error.message;
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const models = { claim: { name: "models" } };
const pool = (more: Values) => ({ pools: [{ name: "one", models, ...more }] });
const stable = { name: "stable", version: "1" };
const weighing = (weight: number) => ({
  model: "playlists",
  salt: "s",
  arms: [{ ...stable, weight }],
});
const noStore = { valkey: { enabled: false } };
const graceless = { router: { shutdown: { drainSeconds: 60 } } };

test.skipIf(helm === undefined).each<readonly [sentence: string, values: Values]>([
  [
    "sum to 12000; they are basis points and must sum to 10000, so lower them by 2000",
    { rollouts: [weighing(12_000)] },
  ],
  [
    'class cuda needs a GPU; set resources.limits."nvidia.com/gpu" to 1 or more',
    pool({ class: "cuda" }),
  ],
  ["raise graceSeconds to 77, or drain for a shorter time", graceless],
  ["2 routers need a store that they share; set store.url", noStore],
  ["additional properties 'replcas' not allowed", { router: { replcas: 3 } }],
])("says: %s", async (sentence, values) => {
  expect(await refusal(values)).toContain(sentence);
});

test.skipIf(helm === undefined)("says everything at once", async () => {
  const wrong = { ...noStore, ...pool({ class: "cuda" }), rollouts: [weighing(1)] };
  expect((await refusal(wrong)).match(/^ {2}- /gm)).toHaveLength(3);
});
