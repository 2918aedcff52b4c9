import { Code, ServingError, type CodeName } from "../../../proto/serving-error.ts";

/** As google.rpc maps codes to HTTP, backwards; of several codes the one that servers mean most often. */
const codes: Readonly<Record<number, CodeName>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  405: "UNIMPLEMENTED",
  408: "DEADLINE_EXCEEDED",
  409: "ABORTED",
  413: "RESOURCE_EXHAUSTED",
  429: "RESOURCE_EXHAUSTED",
  431: "RESOURCE_EXHAUSTED",
  499: "CANCELLED",
  500: "INTERNAL",
  501: "UNIMPLEMENTED",
  502: "UNAVAILABLE",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};
const mostShown = 200;

/** What a status other than 2xx says, in the code's name if the body tells it, as the gateway's does. */
export function failureOf(status: number, body: Buffer): ServingError {
  const told = toldBy(body);
  const code = told.code ?? codes[status] ?? (status < 500 ? "INVALID_ARGUMENT" : "INTERNAL");
  const message = told.message ?? body.toString("utf8", 0, mostShown).trim();
  return new ServingError(code, message === "" ? `HTTP ${status}` : `HTTP ${status}: ${message}`);
}

function toldBy(body: Buffer): { readonly code?: CodeName; readonly message?: string } {
  try {
    const { error } = JSON.parse(body.toString()) as {
      readonly error?: { readonly code?: unknown; readonly message?: unknown };
    };
    return {
      ...(isCodeName(error?.code) && { code: error.code }),
      ...(typeof error?.message === "string" && { message: error.message }),
    };
  } catch {
    return {};
  }
}

function isCodeName(value: unknown): value is CodeName {
  return typeof value === "string" && value !== "OK" && Object.hasOwn(Code, value);
}
