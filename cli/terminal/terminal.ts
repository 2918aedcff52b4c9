/** What a command sees of the world that started it. */
export interface Terminal {
  /** For machines as well: what was asked for. */
  print(text: string): void;
  /** For people: what went wrong, and what to know. */
  complain(text: string): void;
  /** Somebody looks at what is printed. */
  readonly isWatched: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** "-" is the standard input. Throws when there is no such file. */
  readonly readFile: (path: string) => string;
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Aborts when somebody has seen enough. */
  readonly signal: AbortSignal;
}
