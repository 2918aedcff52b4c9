import { setMaxListeners } from "node:events";
import { ServingError } from "../../proto/serving-error.ts";
import type { Answered, Question } from "./question.ts";
import type { Service } from "./service.ts";

export interface AskOptions {
  /** Calls that are on their way at a time. */
  readonly inFlight: number;
  readonly signal: AbortSignal;
  readonly onAnswered: () => void;
}

/**
 * Answers in the order of the questions. Each is asked once: what fails is the answer, for a second try would hide what
 * users meet. Fails itself only when it is told to stop.
 */
export async function askAll(
  service: Service,
  questions: readonly Question[],
  { inFlight, signal, onAnswered }: AskOptions,
): Promise<readonly Answered[]> {
  // Each call in flight listens; more than ten of them are no leak.
  setMaxListeners(0, signal);
  const answers: Answered[] = [];
  let next = 0;
  const askOn = async () => {
    for (let at = next++; at < questions.length; at = next++) {
      signal.throwIfAborted();
      answers[at] = await service
        .ask(questions[at]!, signal)
        .catch((error: unknown) => ServingError.from(error));
      onAnswered();
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, questions.length) }, askOn));
  signal.throwIfAborted();
  return answers;
}
