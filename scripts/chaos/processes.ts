import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bundle } from "../../models/bundle/bundle.ts";
import { reversion } from "../bench/live/bench-bundle.ts";
import { model } from "./documents.ts";
import { type FaultyServer, openFaultyServer } from "./faulty-server.ts";
import { type FrontRouter, openFrontRouter } from "./front-router.ts";
import type { Scenario } from "./scenarios.ts";
import { openServer, type Server } from "./server.ts";
import { openStoreStage, type StoreStage } from "./store-stage.ts";

/** Two servers and a router in front of them. */
export interface Processes extends AsyncDisposable {
  readonly router: FrontRouter;
  /** Those that can be killed. Empty where the faulty ones play. */
  readonly servers: readonly Server[];
  readonly faulty: readonly FaultyServer[];
  /** The folder that the servers follow, of the one model. */
  readonly models: string;
  readonly store: StoreStage | undefined;
}

export interface ProcessesOptions {
  /** Of the compiled sources. */
  readonly dir: string;
  /** What every version is made of. */
  readonly bundle: Bundle;
  readonly kind: Scenario["servers"];
  readonly store: Scenario["store"];
}

const serverCount = 2;
const versions = ["1", "2"];

export async function openProcesses(options: ProcessesOptions): Promise<Processes> {
  const { dir, bundle, kind } = options;
  const root = await mkdtemp(join(tmpdir(), "crossfade-chaos-"));
  const opened: AsyncDisposable[] = [{ [Symbol.asyncDispose]: () => remove(root) }];
  const keep = <One extends AsyncDisposable>(one: One) => {
    opened.unshift(one);
    return one;
  };
  const close = async () => {
    for (const one of opened) await one[Symbol.asyncDispose]();
  };
  try {
    const models = join(root, model);
    for (const version of versions) await reversion(bundle, join(models, version), version);
    const plain = kind === "plain" ? serverCount : 0;
    const servers = await each(plain, async () =>
      keep(await openServer({ dir, models: root, versions })),
    );
    const faulty = await each(serverCount - plain, async () => keep(await openFaultyServer(root)));
    const addresses = [...servers, ...faulty].map(({ address }) => address);
    const routing = { dir, servers: addresses };
    const store = options.store && keep(await openStoreStage(routing));
    const router = keep(await openFrontRouter({ ...routing, store: store?.redis.url }));
    return { router, servers, faulty, models, store, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function each<One>(count: number, open: () => Promise<One>): Promise<One[]> {
  return Promise.all(Array.from({ length: count }, open));
}

function remove(dir: string): Promise<void> {
  return rm(dir, { recursive: true, force: true });
}
