import { Code, type ServingError } from "../../proto/serving-error.ts";
import type { Fields, Log } from "./log.ts";

/** INTERNAL is a bug of ours; the rest is between callers and those who answer them, and metrics count it. */
export function logFailure(log: Log, error: ServingError, where: Fields): void {
  if (error.code === Code.INTERNAL) log.error("call failed by a bug", { ...where, error });
  else log.debug("call failed", { ...where, error });
}
