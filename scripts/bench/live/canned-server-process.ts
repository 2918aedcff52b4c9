import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Method, StartServer } from "../../../transport/transport.ts";

/** From the parent: which replies to give, and where the compiled transport is. */
export interface CannedOrder {
  readonly dir: string;
  readonly replies: readonly (readonly [path: string, reply: Uint8Array])[];
}

/** To the parent. */
export interface CannedStarted {
  readonly address: string;
}

/* A server whose handlers return at once what they were told to: the transport and nothing else. */

process.once("message", (order: CannedOrder) => void serve(order));
process.once("disconnect", () => process.exit());

async function serve({ dir, replies }: CannedOrder): Promise<void> {
  const file = pathToFileURL(join(dir, "transport", "open.js")).href;
  const { startServer } = (await import(file)) as { startServer: StartServer };
  const methods = replies.map(([path, reply]): Method => {
    return { kind: "unary", path, handle: async () => reply };
  });
  const { address } = await startServer(methods);
  process.send!({ address } satisfies CannedStarted);
}
