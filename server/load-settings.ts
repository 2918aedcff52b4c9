import { readMachine } from "../backends/engines/machine.ts";
import { planEngines } from "../backends/engines/plan-engines.ts";
import type { Config } from "./config/settings.ts";
import type { LoadSettings } from "./load-model.ts";

/** What a server's configuration says about loading; what is left to "auto" follows from the machine. */
export function loadSettings(config: Config): LoadSettings {
  const { provider, workers, intraOpThreads, memoryBudgetBytes } = config;
  const machine = readMachine();
  return {
    ...config,
    limits: config,
    plan(variantBytes) {
      const plan = planEngines({
        machine:
          memoryBudgetBytes === "auto" ? machine : { ...machine, memoryBytes: memoryBudgetBytes },
        provider,
        variantBytes,
      });
      return {
        workers: workers === "auto" ? plan.workers : workers,
        intraOpThreads: intraOpThreads === "auto" ? plan.intraOpThreads : intraOpThreads,
      };
    },
  };
}
