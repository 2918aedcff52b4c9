import { modelBackend } from "../../backends/model-backend.ts";
import { createToyFamily } from "../../backends/toy-family.ts";
import { createLog } from "../../server/log/log.ts";
import type { Load } from "../../server/model-version.ts";
import { startServe } from "../../server/serve.ts";
import { createFixedServiceEngine } from "./fixed-service-engine.ts";
import { readServeConfig } from "./read-serve-config.ts";

/** From the parent. */
export interface FixedServerOrder {
  readonly flags: readonly string[];
  readonly model: string;
  readonly version: string;
  readonly serviceMs: number;
}

/** To the parent, when the model is loaded. */
export interface FixedServerStarted {
  readonly address: string;
}

/* A whole server whose model answers one request after the other and takes the same for each. */

process.once("message", (order: FixedServerOrder) => void serve(order));
process.once("disconnect", () => process.exit());

async function serve(order: FixedServerOrder): Promise<void> {
  const config = readServeConfig(order.flags);
  const log = createLog({ level: config.logLevel });
  const { address, started } = await startServe(config, { log, load: loadOf(order) });
  await started;
  process.send!({ address } satisfies FixedServerStarted);
}

/** Whatever stands in the folder. */
function loadOf({ model, version, serviceMs }: FixedServerOrder): Load {
  return async (_, options) => {
    const engine = createFixedServiceEngine(serviceMs);
    const meter = options.meterFor({ model, version, backend: engine.name });
    const family = createToyFamily(1);
    return {
      model,
      version,
      backend: modelBackend({ model, version, engine, family, meter }),
      info: {
        family: "toy",
        variant: "fixed",
        itemCount: 0,
        created: new Date(0),
        overlapAt10: 1,
        idType: "string",
      },
    };
  };
}
