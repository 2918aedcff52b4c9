/** One option of a command. */
export interface Flag {
  /** E.g. "--reason". */
  readonly name: string;
  /** E.g. "-o". */
  readonly short?: string;
  /** What its value is, in capitals; absent: it takes none. */
  readonly value?: string;
  /** The value may be left out; this says whether what follows the flag is one. */
  readonly isValue?: (next: string) => boolean;
  /** It may be given again and again. */
  readonly repeats?: true;
  readonly help: string;
}

/** What somebody wrote after a verb. */
export interface Given {
  /** In order, without the flags. */
  readonly words: readonly string[];
  readonly has: (flag: Flag) => boolean;
  /** Undefined: it was not given, or without a value. */
  readonly value: (flag: Flag) => string | undefined;
  /** Of one that may be given again and again. */
  readonly values: (flag: Flag) => readonly string[];
}
