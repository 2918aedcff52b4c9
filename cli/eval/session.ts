import type { Terminal } from "../terminal/terminal.ts";

export interface Session {
  readonly terminal: Terminal;
  /** Where progress is shown. */
  readonly progress: Pick<NodeJS.WriteStream, "isTTY" | "write">;
}
