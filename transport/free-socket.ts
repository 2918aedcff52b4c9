import { lstat, unlink } from "node:fs/promises";
import { connect } from "node:net";

/** Removes a unix socket that a killed process left behind. One that somebody answers on stays, and so does any other file. */
export async function freeSocket(path: string): Promise<void> {
  // Connecting to a file that is no socket is refused just the same.
  if (!(await isSocket(path))) return;
  const code = await probe(path);
  if (code === "ECONNREFUSED") await unlink(path);
}

async function isSocket(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isSocket() ?? false;
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
