import type { Answer, Backend, Query, Reply } from "../backends/backend.ts";
import type { Clock } from "../backends/clock.ts";
import { pinVersion } from "../backends/query.ts";
import { createReply } from "../backends/reply.ts";
import { appendRouted } from "../proto/append-routed.ts";
import { RouteReason } from "../proto/gen/crossfade/v1/recommender.ts";
import { type Code, ServingError } from "../proto/serving-error.ts";
import type { Assignment } from "./assignment.ts";
import type { Arm } from "./distribution.ts";
import type { RouterMeter } from "./meter.ts";
import type { Group } from "./plan.ts";
import type { Shadowing } from "./shadow.ts";
import { maySpill, misroutedBy, notReady, spillTarget } from "./spill.ts";
import { codeOf, tally } from "./tally.ts";

export interface GroupParts {
  readonly inner: Backend;
  readonly clock: Clock;
  readonly meter: RouterMeter;
  readonly shadowing: Shadowing;
  readonly recommendationId: () => string;
  /** What holds now, which may be newer than what the group was made by. */
  assignmentOf(model: string): Assignment;
}

/** Of each of its queries: by its arm, or else by the stable one. */
export async function answerGroup(group: Group, parts: GroupParts): Promise<readonly Answer[]> {
  const { answers: first, asked } = await askArm(group, parts);
  const answers = first.map((answer, i) =>
    answer instanceof ServingError
      ? answer
      : routed(answer, parts, { arm: group.arm.name, reason: group.reasons[i]!, before: 0 }),
  );
  parts.shadowing.copy(group, first);
  await spill({ group, answers, asked }, parts);
  return answers.some(isFailure) ? explained(group, answers, parts) : answers;
}

function isFailure(answer: Answer): answer is ServingError {
  return answer instanceof ServingError;
}

/** Servers tell the router that they lack the version; callers did not choose it. */
function explained(
  { assignment, arm, queries }: Group,
  answers: readonly Answer[],
  { inner }: GroupParts,
): readonly Answer[] {
  if (inner.isReady(assignment.document.model, arm.version)) return answers;
  return answers.map((answer, i) => misroutedBy(arm, queries[i]!, answer) ?? answer);
}

interface Asked {
  readonly answers: readonly Answer[];
  /** How many backends, of those that failed: 0 or 1. */
  readonly asked: number;
}

/** Nobody waits for an arm that nothing can answer for while another can. */
async function askArm(group: Group, parts: GroupParts): Promise<Asked> {
  const { arm, assignment, queries } = group;
  const { inner, clock } = parts;
  const { model } = assignment.document;
  const startMs = clock.now();
  const isHopeless =
    spillTarget(assignment, arm) !== undefined && !inner.isReady(model, arm.version);
  const answers = isHopeless
    ? refuseAll(queries, notReady(model, arm))
    : await inner.answer(pinned(queries, arm));
  tellOutcomes(group, answers, { meter: parts.meter, ms: clock.now() - startMs });
  return { answers, asked: isHopeless ? 0 : 1 };
}

function refuseAll(queries: readonly Query[], refusal: ServingError): readonly Answer[] {
  return queries.map(() => refusal);
}

function pinned(queries: readonly Query[], { version }: Arm): readonly Query[] {
  return version === "" ? queries : queries.map((query) => pinVersion(query, version));
}

interface RoutedBy {
  readonly arm: string;
  readonly reason: RouteReason;
  /** Backends that were asked in vain. */
  readonly before: number;
}

function routed(reply: Reply, { recommendationId }: GroupParts, by: RoutedBy): Reply {
  const { attempts = 1, degraded = "" } = reply;
  const { arm, reason, before } = by;
  const said = { arm, reason, attempts: before + attempts, degraded };
  return createReply(appendRouted(reply.bytes, said, recommendationId()));
}

interface Spilling {
  readonly group: Group;
  readonly answers: Answer[];
  readonly asked: number;
}

/** Replaces what another arm could answer; what it could not keeps its first failure. */
async function spill({ group, answers, asked }: Spilling, parts: GroupParts): Promise<void> {
  const { inner, clock, meter } = parts;
  const { model } = group.assignment.document;
  const to = spillTarget(parts.assignmentOf(model), group.arm);
  const startMs = clock.now();
  const failed = to === undefined ? [] : spillable(group, answers, startMs);
  if (to === undefined || failed.length === 0) return;

  const queries = failed.map((i) => group.queries[i]!);
  const second = await inner.answer(pinned(queries, to));
  second.forEach((answer, j) => {
    if (answer instanceof ServingError) return;
    const by = { arm: to.name, reason: RouteReason.SPILL, before: asked };
    answers[failed[j]!] = routed(answer, parts, by);
  });
  const outcome = { model, from: group.arm.name, to: to.name, ms: clock.now() - startMs };
  for (const [code, rows] of tally(second.map(codeOf)))
    meter.spilled({ ...outcome, code: code as Code, rows });
}

function spillable(group: Group, answers: readonly Answer[], nowMs: number): readonly number[] {
  const { queries, reasons } = group;
  return answers.flatMap((answer, i) =>
    maySpill({ query: queries[i]!, reason: reasons[i]!, answer }, nowMs) ? [i] : [],
  );
}

interface Telling {
  readonly meter: RouterMeter;
  readonly ms: number;
}

const codeCount = 17;

function tellOutcomes(
  { assignment, arm, reasons }: Group,
  answers: readonly Answer[],
  { meter, ms }: Telling,
): void {
  const { model } = assignment.document;
  const kinds = tally(answers.map((answer, i) => reasons[i]! * codeCount + codeOf(answer)));
  for (const [kind, rows] of kinds) {
    const reason = Math.floor(kind / codeCount) as RouteReason;
    const code = (kind % codeCount) as Code;
    meter.answered({ model, arm: arm.name, reason, code, rows, ms });
  }
}
