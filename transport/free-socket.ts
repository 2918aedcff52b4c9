import { unlink } from "node:fs/promises";
import { connect } from "node:net";

/** Removes a unix socket that a killed process left behind; one that somebody answers on stays. */
export async function freeSocket(path: string): Promise<void> {
  const code = await probe(path);
  if (code === "ECONNREFUSED") await unlink(path);
}

/** The error code of connecting, or "connected". */
function probe(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    socket.once("connect", () => {
      socket.destroy();
      resolve("connected");
    });
  });
}
