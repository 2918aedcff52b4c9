import { expect, test } from "vitest";
import { stringify } from "yaml";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { helm, HelmRefusal, render } from "./render.ts";

/* What `helm template` says of values that cannot work. The schema's own complaints are in values-schema.test.ts. */

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
const image = { model: "playlists", version: "1", reference: "models/playlists:1" };
const arms = (...weights: number[]) =>
  weights.map((weight, i) => ({ name: `arm-${i}`, version: `${i + 1}`, weight }));
const rollout = (...weights: number[]) => ({
  model: "playlists",
  salt: "s",
  arms: arms(...weights),
});
const noStore = { valkey: { enabled: false } };
const sentinels = "redis+sentinel://a:26379,b:26379/main";
const exposed = { admin: { expose: true } };

test.skipIf(helm === undefined).each<readonly [sentence: string, values: Values]>([
  ["lower them by 2000", { rollouts: [rollout(12_000)] }],
  ["raise them by 500", { rollouts: [rollout(9_000, 500)] }],
  ["that model has another rollout; keep one", { rollouts: [rollout(10_000), rollout(10_000)] }],
  [
    "arm arm-0 has version 1, which no pool has; add it",
    { ...pool({ models: { images: [{ ...image, version: "2" }] } }), rollouts: [rollout(10_000)] },
  ],
  ['class cuda needs a GPU; set resources.limits."nvidia.com/gpu" to 1', pool({ class: "cuda" })],
  [
    'drop resources.limits."nvidia.com/gpu"',
    pool({ resources: { limits: { memory: "1Gi", "nvidia.com/gpu": 1 } } }),
  ],
  ["raise graceSeconds to 52", pool({ shutdown: { drainSeconds: 40 } })],
  ["raise graceSeconds to 77", { router: { shutdown: { drainSeconds: 60 } } }],
  ["2 routers need a store that they share; set store.url", noStore],
  ["another pool has that name too; rename one", { pools: [{ name: "a" }, { name: "a", models }] }],
  ["taken by an object of the chart; rename the pool", { pools: [{ name: "router", models }] }],
  ["an image is pinned by its digest", pool({ models: { images: [{ ...image, sha256: "00" }] } })],
  [
    "has no sha256, and what comes from there would be believed unseen",
    pool({ models: { downloads: [{ model: "m", version: "1", url: "https://a/b" }] } }),
  ],
  [
    "its models come from claim and from images; keep one",
    pool({ models: { ...models, images: [image] } }),
  ],
  ["it has version 1 of playlists twice", pool({ models: { images: [image, image] } })],
  ["it has no models; give models.claim.name", pool({ models: {} })],
  ["pools is empty, and nothing would answer", { pools: [] }],
  [
    "give the pool image.digest",
    { image: { digest: `sha256:${"0".repeat(64)}` }, ...pool({ class: "cuda" }) },
  ],
  [
    "autoscaling.minReplicas 9 is more than maxReplicas 8",
    pool({ autoscaling: { enabled: true, minReplicas: 9 } }),
  ],
  ["raise it to 600, or lower settings.loadTimeoutMs", pool({ startupSeconds: 60 })],
  ["resources.limits.memory is not set", pool({ resources: { limits: { memory: null } } })],
  ["say who may by router.admin.tokensSecret.name", { router: exposed }],
  ["turn TLS on by tls.router.secret", { router: exposed }],
  ["store.url and valkey.enabled are both set", { store: { url: "redis://a:1" } }],
  ["list them all in networkPolicy.storePorts", { ...noStore, store: { url: sentinels } }],
  ["store.passwordSecret has no store to be for", { store: { passwordSecret: { name: "p" } } }],
  ["write store.url with rediss", { store: { authoritySecret: { name: "ca" } } }],
  ["valkey has no password, and no network policy", { networkPolicy: { enabled: false } }],
  [
    "feedback.enabled has no Redis",
    { ...noStore, router: { replicas: 1 }, feedback: { enabled: true } },
  ],
  ["feedback.enabled is false; set it to true", { feedback: { url: "redis://a:1" } }],
  ["tls.router.clientCertificates needs TLS", { tls: { router: { clientCertificates: true } } }],
  ["tls.servers.clientSecret needs TLS", { tls: { servers: { clientSecret: "c" } } }],
  ["name one in gateway.parentRefs", { gateway: { enabled: true } }],
  [
    "which has none of the clients' certificates",
    { gateway: { enabled: true }, tls: { router: { secret: "s", clientCertificates: true } } },
  ],
  ["additional properties 'replcas' not allowed", { router: { replcas: 3 } }],
])("says: %s", async (sentence, values) => {
  expect(await refusal(values)).toContain(sentence);
});

test.skipIf(helm === undefined)("says everything at once", async () => {
  const said = await refusal({ ...noStore, ...pool({ class: "cuda" }), rollouts: [rollout(1)] });
  expect(said.match(/^ {2}- /gm)).toHaveLength(3);
});
