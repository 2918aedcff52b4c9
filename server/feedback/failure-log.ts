import type { Log } from "../log/log.ts";

/** Says when keeping feedback begins to fail and when it works again; metrics count each event. */
export interface FailureLog {
  failed(error: unknown): void;
  worked(): void;
}

export function createFailureLog(log: Log): FailureLog {
  let isFailing = false;
  return {
    failed(error) {
      if (!isFailing) log.error("feedback is not kept", { error });
      isFailing = true;
    },
    worked() {
      if (isFailing) log.info("feedback is kept again");
      isFailing = false;
    },
  };
}
