import type { Answer, Backend, Query, Reply } from "../backends/backend.ts";
import type { Clock } from "../backends/clock.ts";
import { createQuery, pinVersion } from "../backends/query.ts";
import { RouteReason } from "../proto/gen/crossfade/v1/recommender.ts";
import { ServingError } from "../proto/serving-error.ts";
import type { Call } from "../transport/call.ts";
import type { Assignment } from "./assignment.ts";
import { bucketCount } from "./bucket.ts";
import type { RouterMeter } from "./meter.ts";
import { overlapOf } from "./overlap.ts";
import type { Group } from "./plan.ts";
import { codeOf } from "./tally.ts";

export interface ShadowOptions {
  readonly inner: Backend;
  readonly chance: () => number;
  readonly clock: Clock;
  readonly meter: RouterMeter;
  readonly timeoutMs: number;
  /** False once another distribution holds, or none. */
  isCurrent(assignment: Assignment): boolean;
}

/** Asks another arm what one arm has answered already, and compares. */
export interface Shadowing {
  /** Takes what it needs and returns; the copies leave in a later turn, when the callers have their answers. */
  copy(group: Group, answers: readonly Answer[]): void;
}

type Copying = NonNullable<Assignment["shadow"]>;

interface Copy {
  readonly assignment: Assignment;
  readonly shadow: Copying;
  readonly query: Query;
  /** What the caller got. */
  readonly reply: Reply;
}

export function createShadowing(options: ShadowOptions): Shadowing {
  const { chance, meter } = options;
  /** By model; a model without a distribution has no shadow. */
  const underWay = new Map<string, number>();
  const count = (model: string) => underWay.get(model) ?? 0;

  async function send(copy: Copy): Promise<void> {
    const { model } = copy.assignment.document;
    underWay.set(model, count(model) + 1);
    try {
      await options.clock.turn();
      if (options.isCurrent(copy.assignment)) await compare(copy, options);
    } finally {
      underWay.set(model, count(model) - 1);
    }
  }

  return {
    copy({ assignment, arm, queries, reasons }, answers) {
      const { document, shadow } = assignment;
      if (shadow === undefined || shadow.to === arm) return;
      answers.forEach((answer, i) => {
        if (answer instanceof ServingError || !isSample(reasons[i]!)) return;
        if (Math.floor(chance() * bucketCount) >= shadow.basisPoints) return;
        if (count(document.model) >= shadow.maxConcurrent)
          meter.shadowDropped(document.model, shadow.arm);
        else void send({ assignment, shadow, query: detached(queries[i]!), reply: answer });
      });
    },
  };
}

function isSample(reason: RouteReason): boolean {
  return reason === RouteReason.BUCKET || reason === RouteReason.ANONYMOUS;
}

/** Outlives the call and the message that it came in. */
function detached(query: Query): Query {
  const { bytes, call, user } = query;
  return createQuery(Buffer.from(bytes), call, { ...query, user: Buffer.from(user) });
}

async function compare({ query, shadow, reply }: Copy, options: ShadowOptions): Promise<void> {
  const { inner, clock, meter, timeoutMs } = options;
  const { arm, to } = shadow;
  const startMs = clock.now();
  const call = ownCall(startMs + timeoutMs);
  const [answer] = await inner.answer([{ ...pinVersion(query, to.version), call }]);
  const outcome = { model: query.model, arm, rows: 1, ms: clock.now() - startMs };
  meter.shadowed({ ...outcome, code: codeOf(answer!), overlap: overlapOf(reply, answer!) });
}

/** Nobody cancels it, and it speaks for no caller. */
function ownCall(deadlineMs: number): Call {
  return { deadlineMs, signal: new AbortController().signal, metadata: new Map() };
}
