import { forkProcess } from "../bench/live/fork-process.ts";
import type { FaultyServerOrder, FaultyServerStarted } from "./faulty-server-process.ts";
import type { Faults } from "./faults.ts";

export interface FaultyServer extends AsyncDisposable {
  readonly address: string;
  set(faults: Faults): void;
}

const flags = Object.entries({
  port: "0",
  "http-port": "off",
  "metrics-port": "off",
  "log-level": "error",
  variant: "qint8",
  workers: "1",
  "intra-op-threads": "1",
}).map(([name, value]) => `--${name}=${value}`);

export async function openFaultyServer(models: string): Promise<FaultyServer> {
  const forked = forkProcess(new URL("faulty-server-process.ts", import.meta.url));
  forked.send({ flags: [...flags, "--models", models] } satisfies FaultyServerOrder);
  const { address } = (await forked.next()) as FaultyServerStarted;
  return {
    address,
    set: (faults) => forked.send(faults),
    [Symbol.asyncDispose]: () => forked[Symbol.asyncDispose](),
  };
}
