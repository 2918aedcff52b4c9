import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "../../backends/engine.ts";
import { createPuppetEngine } from "../../backends/puppet-engine.ts";
import { computeToy, createToyFamily } from "../../backends/toy-family.ts";

/** One run at a time, each of which takes the same: its capacity is known. */
export function createFixedServiceEngine(serviceMs: number): Engine {
  const { inputs, outputs } = createToyFamily().graph;
  const puppet = createPuppetEngine({ compute: computeToy, name: "fixed", inputs, outputs });
  let isBusy = false;

  async function work(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (let [run] = puppet.running; run !== undefined; [run] = puppet.running) {
      const startedMs = performance.now();
      await sleep(serviceMs);
      run.finish(performance.now() - startedMs);
    }
    isBusy = false;
  }
  return {
    ...puppet,
    run(feeds, call) {
      const outputs = puppet.run(feeds, call);
      void work();
      return outputs;
    },
  };
}
