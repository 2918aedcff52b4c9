import { pushbackMsOf } from "../../proto/pushback.ts";
import { Code, ServingError, type CodeName } from "../../proto/serving-error.ts";

/** What a caller gets instead of an answer. */
export interface Refusal {
  readonly status: number;
  readonly error: ServingError;
  readonly headers: Readonly<Record<string, string>>;
}

/** As google.rpc maps codes to HTTP. */
const statuses: Readonly<Record<Code, number>> = {
  [Code.OK]: 200,
  [Code.CANCELLED]: 499,
  [Code.UNKNOWN]: 500,
  [Code.INVALID_ARGUMENT]: 400,
  [Code.DEADLINE_EXCEEDED]: 504,
  [Code.NOT_FOUND]: 404,
  [Code.ALREADY_EXISTS]: 409,
  [Code.PERMISSION_DENIED]: 403,
  [Code.RESOURCE_EXHAUSTED]: 429,
  [Code.FAILED_PRECONDITION]: 400,
  [Code.ABORTED]: 409,
  [Code.OUT_OF_RANGE]: 400,
  [Code.UNIMPLEMENTED]: 501,
  [Code.INTERNAL]: 500,
  [Code.UNAVAILABLE]: 503,
  [Code.DATA_LOSS]: 500,
  [Code.UNAUTHENTICATED]: 401,
};

export function refusalOf(thrown: unknown): Refusal {
  const error = ServingError.from(thrown);
  const headers = { ...retryHeaders(error), ...challenge(error) };
  return { status: statuses[error.code], error, headers };
}

/** For what only HTTP knows; the code is the one that gRPC has for its like. */
export function refusal(
  status: number,
  [code, message]: readonly [code: CodeName, message: string],
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  return { status, error: new ServingError(code, message), headers };
}

/** `Retry-After` knows whole seconds only. */
function retryHeaders(error: ServingError): Record<string, string> {
  const pushbackMs = pushbackMsOf(error);
  if (pushbackMs === undefined) return {};
  return {
    "retry-after": String(Math.ceil(pushbackMs / 1_000)),
    "retry-after-ms": String(pushbackMs),
  };
}

/** HTTP wants to be told how to show who one is. */
function challenge({ code }: ServingError): Record<string, string> {
  return code === Code.UNAUTHENTICATED ? { "www-authenticate": "Bearer" } : {};
}
