import { nameOf, ServingError } from "../../proto/serving-error.ts";

export interface DescribedError {
  readonly name: string;
  /** A gRPC code or a Node error code. */
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: DescribedError | string;
}

/** Deeper chains are loops more often than histories. */
const maxCauses = 5;

/** An error as data, with its causes; stacks without the message, which stands beside them. */
export function describeError(error: Error, depth = 0): DescribedError {
  const code = codeOf(error);
  const stack = error.stack
    ?.split("\n")
    .filter((line) => line.startsWith("    at "))
    .join("\n");
  return {
    name: error.name,
    ...(code !== undefined && { code }),
    message: error.message,
    ...(stack && { stack }),
    ...(error.cause !== undefined && { cause: describeCause(error.cause, depth + 1) }),
  };
}

function describeCause(cause: unknown, depth: number): DescribedError | string {
  if (depth > maxCauses) return "and more causes";
  return cause instanceof Error ? describeError(cause, depth) : String(cause);
}

function codeOf(error: Error): string | undefined {
  if (error instanceof ServingError) return nameOf(error.code);
  return "code" in error ? String(error.code) : undefined;
}
