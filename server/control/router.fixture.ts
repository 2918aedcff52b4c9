import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import type { Backend } from "../../backends/backend.ts";
import { createHost } from "../../backends/host.ts";
import { createPuppet } from "../../backends/puppet.ts";
import type { Distribution } from "../../router/distribution.ts";
import { createRouter, type Router } from "../../router/router.ts";
import { openFileStore } from "../../router/store/file/file-store.ts";
import { createLog } from "../log/log.ts";
import { createMetrics } from "../metrics/metrics.ts";
import { breakable, type BreakableStore } from "./breakable-store.fixture.ts";
import type { Control } from "./control.ts";
import { openControl } from "./open-control.ts";
import { routedBy } from "./routed-by.ts";

/** A model with a canary, as it is at first. */
export const firstDocument: Distribution = {
  format: 1,
  model: "toy",
  revision: 1,
  salt: "spring",
  arms: [
    { name: "stable", version: "1", weight: 9_000, ranges: [[0, 9_000]] },
    { name: "canary", version: "2", weight: 1_000, ranges: [[9_000, 10_000]] },
  ],
};

export interface Folder extends AsyncDisposable {
  readonly path: string;
}

export async function openFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "crossfade-admin-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A router with its control, over a store that may be another one's too. */
export interface OpenRouter extends AsyncDisposable {
  readonly control: Control;
  readonly router: Router;
  readonly store: BreakableStore;
  readonly logged: string[];
}

export interface RouterScene {
  readonly folder: Folder;
  readonly name?: string;
  /** Default: one of its own, in the folder. */
  readonly store?: BreakableStore;
  /** What it begins with. Default: the first document. */
  readonly documents?: readonly Distribution[];
  /** That its servers hold of every model. Default: 1, 2 and 3. */
  readonly versions?: readonly string[];
}

async function hostOf(models: readonly string[], versions: readonly string[]): Promise<Backend> {
  const host = createHost();
  for (const model of new Set(["toy", ...models]))
    for (const version of versions) {
      const backend = createPuppet({ name: `puppet ${version}`, model, version });
      backend.perform();
      await host.add({ model, version, backend });
    }
  return host;
}

export async function openRouter(scene: RouterScene): Promise<OpenRouter> {
  const { folder, name = "router-0", documents = [firstDocument] } = scene;
  const { versions = ["1", "2", "3"] } = scene;
  const logged: string[] = [];
  const log = createLog({ write: (line) => void logged.push(line), isPretty: false });
  const store = scene.store ?? breakable(await openFileStore({ dir: join(folder.path, "store") }));
  const models = documents.map(({ model }) => model);
  const router = createRouter({ inner: await hostOf(models, versions) });
  const state = join(folder.path, name);
  const distributions = join(folder.path, `${name}.json`);
  await writeFile(distributions, JSON.stringify(documents));
  const { control: metrics } = createMetrics(log);
  // A store that was lent stays open.
  const own = scene.store === undefined ? store : { ...store, close: async () => {} };
  const parts = { store: own, routed: routedBy(router), metrics, log };
  const opened = await openControl({ state, distributions }, parts);
  const control = opened.begin(name);
  for (const { model } of documents)
    await vi.waitUntil(() => (control.rollout(model)?.distribution.revision ?? 0) > 0, 10_000);
  return {
    control,
    router,
    store,
    logged,
    async [Symbol.asyncDispose]() {
      await opened.close();
      await router.close();
    },
  };
}
