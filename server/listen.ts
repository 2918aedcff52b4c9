import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";

/** @returns The port, which the system picked when it was 0. */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  await once(server, "listening").catch((error: Error) => {
    throw new Error(`cannot listen on ${host}:${port}: ${error.message}`, { cause: error });
  });
  return (server.address() as AddressInfo).port;
}
