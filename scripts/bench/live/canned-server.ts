import type { CannedOrder, CannedStarted } from "./canned-server-process.ts";
import { forkProcess } from "./fork-process.ts";

/** A server with the same transport that answers at once, always the same: the floor of any other. */
export interface CannedServer extends AsyncDisposable {
  readonly pid: number;
  readonly address: string;
}

export async function startCannedServer(order: CannedOrder): Promise<CannedServer> {
  const forked = forkProcess(new URL("canned-server-process.ts", import.meta.url));
  forked.send(order);
  const { address } = (await forked.next()) as CannedStarted;
  return {
    pid: forked.pid,
    address,
    [Symbol.asyncDispose]: () => forked[Symbol.asyncDispose](),
  };
}
