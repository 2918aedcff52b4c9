import { ServingError } from "../../proto/serving-error.ts";
import type { Answer, Query } from "../backend.ts";
import type { Clock } from "../clock.ts";
import { pushbackOf, verdictOf } from "./failure.ts";
import type { HedgeDelay } from "./hedge-delay.ts";
import type { Member } from "./member.ts";
import type { AttemptKind, EndpointsMeter } from "./meter.ts";

export interface Observers {
  readonly clock: Clock;
  readonly hedgeDelay: HedgeDelay;
  readonly meter: EndpointsMeter;
}

const longestPushbackMs = 10_000;

/** Asks one endpoint, and keeps what that shows of it. */
export async function attempt(
  member: Member,
  queries: readonly Query[],
  { kind, clock, hedgeDelay, meter }: Observers & { readonly kind: AttemptKind },
): Promise<readonly Answer[]> {
  const startedMs = clock.now();
  const judge = member.outlier.begin();
  member.inFlight++;
  const answers = await member.backend.answer(queries);
  member.inFlight--;

  const rows = queries.length;
  const tookMs = clock.now() - startedMs;
  const failedRows = answers.filter((answer) => answer instanceof ServingError).length;
  judge(verdictOf(answers, hedgeDelay.isLong(rows, tookMs)));
  if (failedRows < rows) hedgeDelay.answered(rows, tookMs);
  const pushbackMs = Math.min(pushbackOf(answers), longestPushbackMs);
  if (pushbackMs > 0) member.pushbackUntilMs = clock.now() + pushbackMs;
  meter.attempted({ endpoint: member.backend.name, kind, rows, failedRows });
  return answers;
}
