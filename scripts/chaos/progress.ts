/** Lines on standard error: what goes on, and how long it will take. */
export interface Progress {
  say(what: string): void;
  /** @param doneMs Of the time that all will take. */
  at(doneMs: number, what: string): void;
}

export function createProgress(totalMs: number): Progress {
  return {
    say,
    at: (doneMs, what) => say(`${what} (about ${Math.ceil((totalMs - doneMs) / 60_000)} min left)`),
  };
}

function say(what: string): void {
  process.stderr.write(`${what}\n`);
}
