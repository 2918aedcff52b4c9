import { connect } from "node:net";
import { text } from "node:stream/consumers";

/** What one who claims a folder says of itself. */
export interface Claimant {
  /** Absent: it did not say, as when it is stopped. */
  readonly pid?: number;
  readonly host?: string;
  /** False: it looks whether there is one. */
  readonly isOwner: boolean;
}

const answerMs = 1_000;
const attempts = 3;

/** Who listens on the socket; undefined: nobody does, and nobody will. */
export async function probe(path: string): Promise<Claimant | undefined> {
  for (let attempt = 1; attempt < attempts; attempt++) {
    try {
      return await ask(path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ECONNREFUSED" || code === "ENOENT") return undefined;
      // It may have died while it was asked: the next attempt tells.
    }
  }
  return { isOwner: true };
}

async function ask(path: string): Promise<Claimant> {
  const socket = connect(path).setTimeout(answerMs);
  socket.once("timeout", () => socket.destroy(new Error("no answer")));
  try {
    return JSON.parse(await text(socket)) as Claimant;
  } finally {
    socket.destroy();
  }
}
