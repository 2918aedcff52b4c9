import { flagOf } from "./config/sources.ts";

/** What a process listens on by one setting. */
export interface Listening {
  /** E.g. "metricsPort". */
  readonly setting: string;
  readonly host: string;
  /** E.g. "adminHost". */
  readonly hostSetting: string;
  readonly port: number;
  /** It can be turned off. */
  readonly mayBeOff: boolean;
}

/** Listens, or rejects with a sentence that names the setting to change. */
export async function listenBy<Server>(
  listening: Listening,
  listen: () => Promise<Server>,
): Promise<Server> {
  try {
    return await listen();
  } catch (error) {
    const said = complaint(listening, error as Error);
    throw said === undefined ? error : new Error(said, { cause: error });
  }
}

/** Undefined for what has nothing to do with where it listens. */
function complaint(listening: Listening, error: Error): string | undefined {
  const { setting, host, hostSetting, port, mayBeOff } = listening;
  const isSocket = host.startsWith("unix:");
  const where = isSocket
    ? `${flagOf(hostSetting)} ${host}`
    : `${flagOf(setting)} ${port} on ${host}`;
  const another = `give another${mayBeOff ? ", or off" : ""}`;
  const taken = isSocket
    ? `${where} is taken: give another`
    : `${flagOf(setting)} ${port} is taken on ${host}: ${another}`;
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: taken,
    EACCES: `${where}: this user may not listen there; ${another}`,
    EADDRNOTAVAIL: `${flagOf(hostSetting)} is ${host}, which is no address of this machine`,
    ENOTFOUND: `${flagOf(hostSetting)} is ${host}, which is no host that can be found`,
  };
  return sentences[codeOf(error) ?? ""];
}

/** What could not be listened on may be told as a text alone. */
function codeOf(error: Error): string | undefined {
  if ("code" in error && typeof error.code === "string") return error.code;
  const inside = error.cause instanceof Error ? codeOf(error.cause) : undefined;
  return inside ?? /\bE(ADDRINUSE|ACCES|ADDRNOTAVAIL|NOTFOUND)\b/.exec(error.message)?.[0];
}
