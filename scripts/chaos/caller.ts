import { forkProcess } from "../bench/live/fork-process.ts";
import type { CallerOrder, CallerReport } from "./caller-process.ts";

/** Calls from a process of its own: what disturbs the others does not keep it from its schedule. */
export interface Caller extends AsyncDisposable {
  run(order: CallerOrder): Promise<CallerReport>;
}

export function startCaller(): Caller {
  const forked = forkProcess(new URL("caller-process.ts", import.meta.url));
  return {
    async run(order) {
      forked.send(order);
      return (await forked.next()) as CallerReport;
    },
    [Symbol.asyncDispose]: () => forked[Symbol.asyncDispose](),
  };
}
