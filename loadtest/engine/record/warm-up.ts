import type { ServingError } from "../../../proto/serving-error.ts";
import type { WarmUp } from "./run-part.ts";

/** What is kept of calls that only warm up. */
export interface WarmUpTally {
  left(): void;
  answered(): void;
  failed(error: ServingError): void;
  figures(): WarmUp;
}

export function createWarmUp(): WarmUpTally {
  let sent = 0;
  let ok = 0;
  let message = "";
  return {
    left: () => void sent++,
    answered: () => void ok++,
    failed(error) {
      message ||= error.message;
    },
    figures: () => ({ sent, ok, message }),
  };
}
