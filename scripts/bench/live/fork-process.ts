import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A module in a process of its own, with a line to it; it ends when the line does. */
export interface Forked extends AsyncDisposable {
  readonly pid: number;
  send(message: object | string): void;
  /** The next message; rejects when the process ends instead. */
  next(): Promise<unknown>;
}

export function forkProcess(file: URL, nodeArgs: readonly string[] = []): Forked {
  const child = fork(file, {
    execArgv: ["--import", "tsx", ...nodeArgs],
    serialization: "advanced",
  });
  return {
    pid: child.pid!,
    send: (message) => void child.send(message),
    next: () => nextMessage(child),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const done = new AbortController();
  const { signal } = done;
  try {
    const died = once(child, "exit", { signal }).then(([code]) => {
      throw new Error(`process ${child.pid} ended with code ${code}`);
    });
    const [message] = (await Promise.race([once(child, "message", { signal }), died])) as [unknown];
    return message;
  } finally {
    done.abort();
  }
}
