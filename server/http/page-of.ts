import { nameOf } from "../../proto/serving-error.ts";
import type { Refusal } from "./refusal.ts";
import { errorReply } from "./reply-types.ts";
import type { Page } from "./route.ts";

/** A refusal as its caller reads it. */
export function pageOf({ status, error }: Refusal, requestId: string): Page {
  const { code, message } = error;
  const body = errorReply.write({ error: { code: nameOf(code), message, requestId } }, "string");
  return { status, type: "application/json", body };
}
