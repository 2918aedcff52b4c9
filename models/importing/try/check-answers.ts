import { unhurried, type GraphRunner } from "../../exporting/graph-runner.ts";
import type { Probe } from "../../exporting/probe.ts";
import { encodeRows } from "../../sequence/encode-rows.ts";
import type { HeadVectors } from "../inspect/head-vectors.ts";
import type { ImportPlan } from "../plan.ts";
import { magnitudeOf } from "./body-trial.ts";
import { answer, padded } from "./padding-side.ts";

export interface AnswerCheck {
  readonly plan: ImportPlan;
  readonly probes: readonly Probe[];
  /** Of the head, where it is known but not in the file's own output. */
  readonly vectors: HeadVectors | undefined;
  /** Runs the file's own body. */
  readonly body: GraphRunner;
  /** Runs the graph that will serve. */
  readonly serving: GraphRunner;
}

/** How far scores may lie apart, as a share of the largest of the ten: kernels add in different orders. */
const tolerance = 1e-5;

/**
 * Asks the file itself and the graph that will serve for the top ten of the same sequences. Throws an Error where they do not say the
 * same. Returns the greatest distance of two scores, as a share of the largest.
 */
export async function checkAnswers(check: AnswerCheck): Promise<number> {
  let furthest = 0;
  for (const probe of check.probes) furthest = Math.max(furthest, await compareOne(check, probe));
  return furthest;
}

async function compareOne(check: AnswerCheck, probe: Probe): Promise<number> {
  const { plan, serving } = check;
  const wanted = await scoresOfFile(check, probe);
  const { sequence, length } = cut(plan, probe);
  const fetch = Math.min(10, plan.items);
  const feeds = encodeRows(
    [{ user: -1, shape: { length, candidates: 0, fetch }, sequence, candidates: undefined }],
    { padding: plan.serving.side, itemCount: plan.items },
  );
  const { ids, scores } = await serving.run(feeds, unhurried);
  const best = wanted.toSorted((a, b) => b - a).slice(0, fetch);
  // Of what is compared: a model may write -1e9 for what is not to be had, beside which no score differs from another.
  const largest = magnitudeOf(best.filter(Number.isFinite));
  let furthest = 0;
  for (let rank = 0; rank < fetch; rank++) {
    const item = (ids!.data as Int32Array)[rank]!;
    const score = (scores!.data as Float32Array)[rank]!;
    // The item's own score, and the one that belongs at this place: items that tie may stand either way.
    for (const expected of [wanted[item]!, best[rank]!])
      if (score !== expected) furthest = Math.max(furthest, Math.abs(score - expected) / largest);
  }
  if (furthest <= tolerance) return furthest;
  throw new Error(
    `the bundle would not answer as the file does: of ${sequence.length} items in a row the scores differ by ${(100 * furthest).toPrecision(2)}%; nothing was written. Please report this with the file's architecture`,
  );
}

function cut({ lengths }: ImportPlan, { history }: Probe) {
  const sequence = history.slice(-lengths.at(-1)!);
  return { sequence, length: lengths.find((length) => length >= sequence.length)! };
}

async function scoresOfFile(check: AnswerCheck, probe: Probe): Promise<Float32Array> {
  const { plan, body, vectors } = check;
  const { ids, serving, items } = plan;
  const { sequence, length } = cut(plan, probe);
  const modelIds = Array.from(sequence, (item) => item + ids.firstId);
  const row = padded(modelIds, { length, paddingId: ids.paddingId }, serving.side);
  const given = await answer(
    body,
    { ...row, user: serving.user.unknownId },
    {
      hasPositions: plan.hasPositions,
      columns: undefined,
    },
  );
  if (!plan.isVectors) return given.slice(ids.firstColumn, ids.firstColumn + items);
  return Float32Array.from({ length: items }, (_, item) =>
    given.reduce(
      (sum, value, dim) => sum + value * vectors!.values[item * vectors!.dims + dim]!,
      0,
    ),
  );
}
