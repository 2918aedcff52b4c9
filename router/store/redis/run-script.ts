import type { Connection } from "./connection.ts";
import type { Script } from "./scripts.ts";

export interface ScriptCall {
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
}

/** By its name, and in full where the server does not know it: after a restart, a failover or SCRIPT FLUSH. */
export async function runScript(
  connection: Pick<Connection, "send">,
  { lua, sha1 }: Script,
  { keys, args }: ScriptCall,
): Promise<readonly unknown[]> {
  const rest = [keys.length, ...keys, ...args];
  try {
    return (await connection.send("evalsha", [sha1, ...rest])) as unknown[];
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    return (await connection.send("eval", [lua, ...rest])) as unknown[];
  }
}
