import { Code } from "../../../proto/serving-error.ts";
import type { Share } from "../../run-result.ts";
import type { Workload } from "../../workload.ts";
import { createCodes } from "./codes.ts";
import { createReadAnswers, type Answer } from "./read-answers.ts";
import type { OpenSecond } from "./seconds.ts";
import { createShares } from "./shares.ts";

/** Counts what replies say of themselves: who answered, and how well. */
export interface Answers {
  /** Throws when the reply cannot be read. */
  read(reply: Uint8Array, latencyMs: number, second: OpenSecond): void;
  /** Answers by arm. */
  arms(): Readonly<Record<string, number>>;
  figures(): {
    readonly answers: number;
    readonly degraded: number;
    readonly rows: Readonly<Record<string, number>>;
    readonly arms: Readonly<Record<string, Share>>;
    readonly backends: Readonly<Record<string, Share>>;
  };
}

export function createAnswers(workload: Workload): Answers {
  const readAnswers = createReadAnswers(workload);
  const isBatch = workload.replies === "batch-recommend";
  const rows = createCodes();
  const arms = createShares();
  const backends = createShares();
  let answers = 0;
  let degraded = 0;
  // Of the reply that is being read: one function for all answers of all replies.
  let latencyMs = 0;
  let second: OpenSecond | undefined;

  function see({ code, arm, backend, isDegraded }: Readonly<Answer>): void {
    if (isBatch) rows.count(code);
    if (code !== Code.OK) return;
    answers++;
    if (isDegraded) degraded++;
    if (backend !== "") backends.answered(backend, latencyMs, isDegraded);
    if (arm === "") return;
    arms.answered(arm, latencyMs, isDegraded);
    second!.arms.set(arm, (second!.arms.get(arm) ?? 0) + 1);
  }

  return {
    read(reply, replyLatencyMs, replySecond) {
      latencyMs = replyLatencyMs;
      second = replySecond;
      if (readAnswers) readAnswers(reply, see);
      else answers++;
    },
    arms: () => arms.counts(),
    figures: () => ({
      answers,
      degraded,
      rows: rows.counts(),
      arms: arms.list(),
      backends: backends.list(),
    }),
  };
}
