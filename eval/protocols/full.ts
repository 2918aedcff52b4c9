import { bestOf } from "../baselines/best-of.ts";
import type { Learnt } from "../baselines/learn.ts";
import type { Case, SequenceData } from "../data/dataset.ts";
import { curveReach, expected, hit, hitCurve, ndcg, reciprocal } from "../metrics/rank-metrics.ts";
import { pessimisticRank, standingIn } from "../metrics/rank.ts";
import { newestSent } from "./among-candidates.ts";
import type { Part, Trial } from "./part.ts";
import type { ProtocolOptions, SequenceProtocol } from "./protocol.ts";
import { rankMetrics } from "./rank-part.ts";

const shown = [hit(1), hit(5), hit(10), ndcg(5), ndcg(10), reciprocal(curveReach)];
const metrics = [...shown, ...hitCurve];
/** One more than is counted: ties that go on behind it are lost anyway. */
const topK = curveReach + 1;
const listLength = 10;

/** The next item among all there are, without what the user has seen and with it. */
export const full: SequenceProtocol = {
  name: "full",
  summary: "the next item among all items, seen ones removed and kept: HR@10, NDCG@10",
  needs: "sequences",
  together: { reach: 5, newest: 10 },
  parts: (data, options) => [
    partOf(data, { ...options, isRemoved: true }),
    partOf(data, { ...options, isRemoved: false }),
  ],
};

interface FullOptions extends ProtocolOptions {
  readonly isRemoved: boolean;
}

function partOf(data: SequenceData, options: FullOptions): Part {
  const { isRemoved, learnt } = options;
  return {
    key: isRemoved ? "removed" : "kept",
    title: `All items, seen ones ${isRemoved ? "removed" : "kept"}`,
    notes: [
      `The model is sent the newest ${newestSent} items of a history and ranks all items that it knows.`,
      isRemoved
        ? "What the user has seen is excluded, also what is older than the history that is sent."
        : "What the user has seen may be recommended again.",
      "Not comparable with figures among sampled negatives.",
    ],
    metrics: rankMetrics(shown),
    baselines: ["random", ...learnt.baselines.map(({ name }) => name)],
    trials: data.cases.map((one, subject) => trialOf({ one, subject }, options)),
    isOpen: true,
  };
}

function trialOf(
  { one, subject }: { readonly one: Case; readonly subject: number },
  options: FullOptions,
): Trial {
  const { isRemoved, learnt, isAnonymous } = options;
  const { user, sequence, target } = one;
  // Should the target have been seen before, it stays what is asked for.
  const seen = new Set(isRemoved ? sequence.filter((item) => item !== target) : []);
  const history = sequence.slice(-newestSent);
  return {
    subject,
    question: {
      userId: isAnonymous ? "" : user,
      history,
      ...(isRemoved && exclusionOf({ seen, history, target })),
      topK,
    },
    judge: ({ items }) =>
      metrics.map((metric) => metric.of(pessimisticRank(standingIn(items, target)))),
    isTied: ({ items }) => standingIn(items, target).tied > 0,
    ...baselinesOf(one, seen, learnt),
  };
}

interface Seen {
  readonly seen: ReadonlySet<string>;
  readonly history: readonly string[];
  readonly target: string;
}

/** What the request has not in its history must be said; a target that was seen before forbids to name the history. */
function exclusionOf({ seen, history, target }: Seen) {
  if (history.includes(target)) return { exclude: [...seen] };
  const sent = new Set(history);
  return { exclude: [...seen].filter((item) => !sent.has(item)), excludeHistory: true };
}

function baselinesOf(
  { sequence, target }: Case,
  seen: ReadonlySet<string>,
  { items, indexOf, baselines }: Learnt,
): Pick<Trial, "baselines" | "baselineLists"> {
  const excluded = new Set([...seen].map((item) => indexOf.get(item)));
  const own = indexOf.get(target) ?? -1;
  const open = items.length - excluded.size;
  const values = [metrics.map((metric) => expected(metric, 0, open - 1))];
  const lists: (readonly string[])[] = [[]];
  for (const { scores } of baselines) {
    const known = scores(sequence);
    const { above, tied } = standingOf(known, own, excluded);
    values.push(metrics.map((metric) => expected(metric, above, above + tied)));
    const best = bestOf(known, (item) => excluded.has(item), listLength);
    lists.push(best.map((item) => items[item]!));
  }
  return { baselines: values, baselineLists: lists };
}

function standingOf(scores: Float64Array, own: number, excluded: ReadonlySet<number | undefined>) {
  const score = scores[own] ?? 0;
  let [above, tied] = [0, 0];
  for (let item = 0; item < scores.length; item++) {
    if (item === own || scores[item]! < score || excluded.has(item)) continue;
    if (scores[item]! > score) above += 1;
    else tied += 1;
  }
  return { above, tied };
}
