import type { IncomingMessage } from "node:http";
import { isLoopback } from "../../config/is-loopback.ts";
import { refusal, type Refusal } from "../../http/refusal.ts";

/**
 * For a port where whoever reaches it may do everything: a page of another site can have its own name point to this
 * machine (DNS rebinding), and a browser would then let it read and write here, but it sends that name along.
 */
export function refuseOtherHosts({ headers }: IncomingMessage): Refusal | undefined {
  const { host } = headers;
  const name = host?.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  if (name === undefined || isLoopback(name.toLowerCase())) return undefined;
  return refusal(403, [
    "PERMISSION_DENIED",
    `this port is for programs on this machine: ask for localhost or 127.0.0.1, not ${JSON.stringify(name.slice(0, 100))}`,
  ]);
}
