import type { Connection } from "../../../router/store/redis/connect.ts";
import { brokenSink } from "../sink-failure.ts";

/**
 * How it is known that what Redis acknowledges survives a crash of it. "always": it syncs before it answers. "waits": it
 * is asked, by WAITAOF, when it has synced.
 */
export type Proof = "always" | "waits";

/** Rejects with what would have to be changed. */
export async function proveDurable(connection: Connection): Promise<Proof> {
  const config = await readConfig(connection);
  if (config === undefined) {
    if (await canWait(connection)) return "waits";
    throw unproven("it does not say how it is configured, and does not know WAITAOF");
  }
  const { appendonly, appendfsync, maxmemory = "0", "maxmemory-policy": policy = "" } = config;
  if (appendonly !== "yes") throw unproven(`appendonly is ${appendonly}: set it to yes`);
  if (maxmemory !== "0" && policy.startsWith("allkeys"))
    throw unproven(`maxmemory-policy ${policy} may remove all of it: set it to noeviction`);
  if (appendfsync === "always") return "always";
  if (await canWait(connection)) return "waits";
  throw unproven(
    `appendfsync is ${appendfsync}, and before version 7.2 nobody can wait for the sync: set it to always`,
  );
}

function unproven(why: string): Error {
  return brokenSink(
    new Error(
      `Redis could lose what it acknowledges: ${why}, or accept it by feedbackAck received`,
    ),
  );
}

/** Undefined when it is not told, as by most services. */
async function readConfig(
  connection: Connection,
): Promise<Readonly<Record<string, string>> | undefined> {
  const ask = (pattern: string) => connection.send("config", ["get", pattern]);
  try {
    const replies = await Promise.all(["append*", "maxmemory*"].map(ask));
    const texts = replies.flat().map(String);
    return Object.fromEntries(
      texts.flatMap((name, i) => (i % 2 === 0 ? [[name, texts[i + 1] ?? ""]] : [])),
    );
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

async function canWait(connection: Connection): Promise<boolean> {
  try {
    await connection.send("waitaof", [1, 0, 1]);
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** It was asked, and said no. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && /^(ERR|NOPERM)/.test(error.message);
}
