import { limitExitWait } from "../backends/engines/exit-guard.ts";
import type { Log } from "./log/log.ts";

export interface SignalParts {
  readonly log: Log;
  /** Default: the process; anything that emits "SIGTERM" and "SIGINT". */
  readonly signals?: NodeJS.EventEmitter;
  /** Default: `process.exit`, which engines let happen between runs. */
  readonly exit?: (code: number) => void;
}

/** Whoever asks twice means it; most runs end within this. */
const urgentExitWaitMs = 1_000;

const numbers = { SIGTERM: 15, SIGINT: 2 };

/**
 * The first signal closes and then exits with 0; a second one exits at once, with 128 + its number,
 * or is killed when a thread is stuck.
 */
export function stopOnSignals(close: () => Promise<void>, parts: SignalParts): void {
  const { log, signals = process, exit = (code) => process.exit(code) } = parts;
  let isStopping = false;

  function stopNow(code: number): void {
    limitExitWait(urgentExitWaitMs);
    exit(code);
  }

  async function stop(): Promise<void> {
    try {
      await close();
      exit(0);
    } catch (error) {
      log.error("shutdown failed", { error });
      exit(1);
    }
  }

  for (const [name, number] of Object.entries(numbers)) {
    signals.on(name, () => {
      log.info("signal received", { signal: name });
      if (isStopping) stopNow(128 + number);
      else void stop();
      isStopping = true;
    });
  }
}
