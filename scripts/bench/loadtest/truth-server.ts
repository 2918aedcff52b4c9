import { forkProcess } from "../live/fork-process.ts";
import type { TruthServerOrder, TruthServerSaying } from "./truth-server-process.ts";

export const truthPath = "/crossfade.bench.Truth/Wait";

/** A server in a process of its own that knows when it answered each call. */
export interface TruthServer extends AsyncDisposable {
  readonly address: string;
  /** When calls were answered since it was last asked, ms since 1970, by the number in their request. */
  answered(): Promise<ReadonlyMap<number, number>>;
}

export async function startTruthServer(order: TruthServerOrder): Promise<TruthServer> {
  const forked = forkProcess(new URL("truth-server-process.ts", import.meta.url));
  const next = async () => (await forked.next()) as TruthServerSaying;
  forked.send(order);
  const started = await next();
  if (!("address" in started)) throw new Error("the server said something else than its address");
  return {
    address: started.address,
    async answered() {
      forked.send("answered?");
      const saying = await next();
      if (!("answered" in saying))
        throw new Error("the server said something else than its answers");
      return new Map(saying.answered);
    },
    [Symbol.asyncDispose]: () => forked[Symbol.asyncDispose](),
  };
}
