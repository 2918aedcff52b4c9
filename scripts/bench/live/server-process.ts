import { type CrossfadeProcess, startCrossfade } from "./crossfade-process.ts";

/** `crossfade serve` in a process of its own. */
export interface ServerProcess extends Pick<
  CrossfadeProcess,
  "pid" | "log" | "logged" | typeof Symbol.asyncDispose
> {
  readonly address: string;
}

export interface ServerProcessOptions {
  /** Of the compiled server. */
  readonly dir: string;
  /** Of `crossfade serve`. */
  readonly args: readonly string[];
  /** Of Node. */
  readonly nodeArgs?: readonly string[];
}

/** Resolves when a model is loaded. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const own = ["--port", "0", "--http-port", "off", "--metrics-port", "off"];
  const server = startCrossfade({ ...options, args: ["serve", ...own, ...options.args] });
  try {
    const { grpc } = await server.logged(({ message }) => message === "listening");
    await server.logged(({ message }) => message === "model loaded");
    return { ...server, address: String(grpc) };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}
