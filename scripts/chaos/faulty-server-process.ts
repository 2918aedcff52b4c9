import { createLoad } from "../../server/load-model.ts";
import { loadSettings } from "../../server/load-settings.ts";
import { createLog } from "../../server/log/log.ts";
import type { Load } from "../../server/model-version.ts";
import { startServe } from "../../server/serve.ts";
import type { Layer } from "../../backends/backend.ts";
import { erring } from "./erring.ts";
import { type Faults, noFaults } from "./faults.ts";
import { readServeConfig } from "./read-serve-config.ts";
import { slowed } from "./slowed.ts";

/** From the parent, first: the flags of `crossfade serve`. After that, whenever it likes: Faults. */
export interface FaultyServerOrder {
  readonly flags: readonly string[];
}

/** To the parent, when the models are loaded. */
export interface FaultyServerStarted {
  readonly address: string;
}

/* A whole server whose models can be told to be slow or to fail. */

let faults: Faults = noFaults;

process.once("message", (order: FaultyServerOrder) => void serve(order));
process.once("disconnect", () => process.exit());

async function serve({ flags }: FaultyServerOrder): Promise<void> {
  process.on("message", (now: Faults) => {
    faults = now;
  });
  const config = readServeConfig(flags);
  const log = createLog({ level: config.logLevel });
  const load = spoilt(createLoad(loadSettings(config, log)), [
    slowed(() => faults.slowness),
    erring(() => faults.erring),
  ]);
  const { address, started } = await startServe(config, { log, load });
  await started;
  process.send!({ address } satisfies FaultyServerStarted);
}

function spoilt(load: Load, layers: readonly Layer[]): Load {
  return async (dir, options) => {
    const loaded = await load(dir, options);
    const backend = layers.reduce((inner, layer) => layer(inner), loaded.backend);
    return { ...loaded, backend };
  };
}
