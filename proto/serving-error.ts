/** gRPC status codes, by number. */
export const Code = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;
export type CodeName = keyof typeof Code;
export type Code = (typeof Code)[CodeName];

const names = Object.fromEntries(
  Object.entries(Code).map(([name, code]) => [code, name]),
) as Record<Code, CodeName>;

/** INTERNAL for numbers that are no code: a peer that sends one has a bug. */
export function codeFrom(value: number): Code {
  return value in names ? (value as Code) : Code.INTERNAL;
}

export function nameOf(code: Code): CodeName {
  return names[code];
}

export interface ServingErrorOptions {
  /** For the log, never for the caller. */
  readonly cause?: unknown;
  /** Sent as trailers, e.g. `grpc-retry-pushback-ms`. */
  readonly trailers?: Readonly<Record<string, string>>;
  /** See `ServingError.isLost`. */
  readonly isLost?: boolean;
}

/** The one error that reaches callers: a gRPC code and a message that says what was wrong and what to do. */
export class ServingError extends Error {
  override readonly name = "ServingError";
  readonly code: Code;
  readonly trailers: Readonly<Record<string, string>>;
  /** No peer said this: the connection failed. A status that a server sent is never lost, UNAVAILABLE included. */
  readonly isLost: boolean;

  constructor(code: CodeName, message: string, options: ServingErrorOptions = {}) {
    // Only a bug is looked for in the code: a stack costs more than all else of a refusal, and overload makes many.
    const { stackTraceLimit } = Error;
    if (code !== "INTERNAL") Error.stackTraceLimit = 0;
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.code = Code[code];
    this.trailers = options.trailers ?? {};
    this.isLost = options.isLost ?? false;
  }

  /** What is no ServingError is a bug of ours: INTERNAL, and its text stays in the log. */
  static from(error: unknown): ServingError {
    if (error instanceof ServingError) return error;
    return new ServingError("INTERNAL", "internal error; the server's log has the cause", {
      cause: error,
    });
  }
}
