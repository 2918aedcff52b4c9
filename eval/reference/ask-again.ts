import { Random } from "../../models/random.ts";
import { RecommendResponse } from "../../proto/gen/crossfade/v1/recommender.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { askAll, type AskOptions } from "../questions/ask-all.ts";
import type { Answered, Question } from "../questions/question.ts";
import type { Service } from "../questions/service.ts";

/** The same questions, asked in another way: the answers must be the same, to the byte. */
export interface AskedAgain {
  /** "64 in a call" */
  readonly how: string;
  readonly asked: number;
  readonly failed: readonly ServingError[];
  /** By place: whose items differ from those of the first time. */
  readonly different: readonly number[];
}

interface Way {
  readonly how: string;
  readonly isTogether: boolean;
  /** Undefined: this question is not asked this way. */
  readonly change: (question: Question, random: Random) => Question | undefined;
}

const togetherAtMost = 64;

const ways: readonly Way[] = [
  { how: `${togetherAtMost} in a call`, isTogether: true, change: (question) => question },
  {
    how: "tracks from the last to the first",
    isTogether: false,
    change: (question) => reordered(question, (tracks) => tracks.toReversed()),
  },
  {
    how: `tracks in an order that is drawn, ${togetherAtMost} in a call`,
    isTogether: true,
    change: (question, random) => reordered(question, (tracks) => shuffled(tracks, random)),
  },
];

/**
 * Whether an answer depends on more than its request: on whom it is computed with, or on the order in which tracks are
 * named, which says nothing. Histories are sequences: their order stays.
 */
export async function askAgain(
  service: Service,
  questions: readonly Question[],
  { answers, ...options }: AskOptions & { readonly answers: readonly Answered[] },
): Promise<readonly AskedAgain[]> {
  const found: AskedAgain[] = [];
  for (const { how, isTogether, change } of ways) {
    const random = new Random(0, 3);
    const asked = questions.flatMap((question, place) => {
      const changed = change(question, random);
      return changed === undefined ? [] : [{ place, question: changed }];
    });
    if (asked.length === 0) continue;
    const own = asked.map(({ question }) => question);
    const again = isTogether
      ? await askTogether(service, own, options)
      : await askAll(service, own, options);
    found.push({
      how,
      asked: asked.length,
      failed: again.filter((answer) => answer instanceof ServingError),
      different: asked.flatMap(({ place }, at) =>
        isSame(answers[place]!, again[at]!) ? [] : [place],
      ),
    });
  }
  return found;
}

/** Neighbours in the file are strangers in the call: the first with the middle, and so on. */
async function askTogether(
  service: Service,
  questions: readonly Question[],
  { signal, onAnswered }: AskOptions,
): Promise<readonly Answered[]> {
  const answers: Answered[] = [];
  const calls = Math.ceil(questions.length / togetherAtMost);
  for (let call = 0; call < calls; call++) {
    const places = [...questions.keys()].filter((place) => place % calls === call);
    const own = places.map((place) => questions[place]!);
    const replies = await service.askTogether(own, signal);
    for (const [at, place] of places.entries()) {
      answers[place] = replies[at] ?? new ServingError("INTERNAL", "a batch lacks a result");
      onAnswered();
    }
  }
  return answers;
}

function reordered(
  question: Question,
  order: (tracks: NonNullable<Question["tracks"]>) => NonNullable<Question["tracks"]>,
): Question | undefined {
  const { tracks = [] } = question;
  return tracks.length < 2 ? undefined : { ...question, tracks: order(tracks) };
}

function shuffled<One>(all: readonly One[], random: Random): readonly One[] {
  const left = [...all];
  return all.map(() => left.splice(random.below(left.length), 1)[0]!);
}

/** Ids, order, score bits, titles; not who answered, which may be another of the same. */
function isSame(first: Answered, again: Answered): boolean {
  if (first instanceof ServingError || again instanceof ServingError) return false;
  return bytesOf(first).equals(bytesOf(again));
}

function bytesOf({ items }: RecommendResponse): Buffer {
  return Buffer.from(RecommendResponse.encode(RecommendResponse.fromPartial({ items })).finish());
}
