/** One verb of the `crossfade` command. */
export interface Command {
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What `crossfade VERB ARGS --help` prints; without arguments, of the whole. Throws INVALID_ARGUMENT for what has none. */
  help(args?: readonly string[]): string;
  /** Resolves to the exit code: 0 done, 1 failed, 2 called wrongly. */
  run(args: readonly string[]): Promise<number>;
}
