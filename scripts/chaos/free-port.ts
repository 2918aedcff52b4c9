import { createServer } from "node:net";
import { listen } from "../../server/listen.ts";

/** A port that was free a moment ago: a server that is restarted must come back where it was. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, "127.0.0.1", 0);
  await new Promise((closed) => server.close(closed));
  return port;
}
