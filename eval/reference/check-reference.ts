import { ServingError } from "../../proto/serving-error.ts";
import { askAgain, type AskedAgain } from "./ask-again.ts";
import { askAll } from "../questions/ask-all.ts";
import { findModel } from "../questions/find-model.ts";
import { countLabels, type Labels } from "../questions/labels.ts";
import type { Answered, Side } from "../questions/question.ts";
import { openService } from "../questions/service.ts";
import { compareTop, tolerance, type TopDifference } from "./compare-top.ts";
import type { ReferenceCase } from "./reference.ts";

export interface ReferenceResult {
  readonly users: number;
  /** What asks: "users", "playlists". */
  readonly kind: string;
  readonly labels: Labels;
  /** Of all users. */
  readonly worst: number;
  readonly worstUser: string;
  /** Users whose list has another item in some place, ties included. */
  readonly withMoves: number;
  /** Users whose order or scores are not what training says. */
  readonly different: readonly string[];
  /** The same questions in other ways, answered otherwise. */
  readonly again: readonly AskedAgain[];
}

export interface ReferenceOptions {
  readonly inFlight: number;
  readonly signal: AbortSignal;
  onProgress(share: number): void;
}

/** Whether what is served is what was trained: the same order, ties aside, and the same scores to 1e-4. */
export async function checkReference(
  side: Side,
  cases: readonly ReferenceCase[],
  options: ReferenceOptions,
): Promise<ReferenceResult> {
  using service = openService(side);
  await findModel(service, side, options.signal);
  const questions = cases.map(({ question }) => question);
  const isByName = questions.some(({ tracks }) => tracks !== undefined);
  const turns = isByName ? 4 : 2;
  let answered = 0;
  const onAnswered = () => options.onProgress(Math.min(1, ++answered / (turns * cases.length)));
  const answers = await askAll(service, questions, { ...options, onAnswered });
  const again = await askAgain(service, questions, { ...options, onAnswered, answers });
  const found = cases.map((one, at) => ({
    user: one.question.userId || `line ${at + 1}`,
    ...differenceOf(one, answers[at]!),
  }));
  const worst = found.reduce((a, b) => (b.worst > a.worst ? b : a));
  return {
    users: cases.length,
    kind: isByName ? "playlists" : "users",
    labels: countLabels(answers),
    worst: worst.worst,
    worstUser: worst.user,
    withMoves: found.filter(({ moved }) => moved > 0).length,
    different: found
      .filter((one) => one.worst > tolerance || one.wrongPlace !== undefined)
      .map(({ user }) => user),
    again,
  };
}

function differenceOf({ top }: ReferenceCase, answer: Answered): TopDifference {
  return compareTop(answer instanceof ServingError ? [] : answer.items, top);
}
