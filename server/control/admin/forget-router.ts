import { randomUUID } from "node:crypto";
import type {
  ForgetRouterRequest,
  ForgetRouterResponse,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { nearest } from "../../../proto/nearest.ts";
import { ServingError } from "../../../proto/serving-error.ts";
import { isSameRouter } from "../../../router/observe/namesakes.ts";
import { isSilent } from "../../../router/observe/silence.ts";
import { formatDuration } from "../../../router/rollout/duration-text.ts";
import type { HeardReport } from "../../../router/store/control-store.ts";
import type { Control } from "../control.ts";
import { ownReport } from "../standing.ts";
import type { Caller } from "./authenticate.ts";
import type { OperationParts } from "./operations.ts";
import { readReason } from "./read-reason.ts";

/** Only who is silent: one that lives would be back with its next report. */
export async function forgetRouter(
  request: ForgetRouterRequest,
  { name: by, from }: Caller,
  { control, notes, log, nowMs }: OperationParts,
): Promise<ForgetRouterResponse> {
  const { router } = request;
  const reason = readReason(request.reason);
  const gone = await silentRouter(control, router);
  const auditId = randomUUID();
  const atMs = nowMs();
  const silentMs = Math.round(gone.silentMs);
  await control.store.leave(router, gone.instance);
  log.warn("router forgotten", { router, silentMs, by, from, reason, auditId });
  const why = `${router}, silent for ${seconds(silentMs)}: ${reason}`;
  const changed = { auditId, verb: "forget", by, from, reason: why, atMs };
  const known = Object.keys(gone.models).flatMap((model) => control.rollout(model) ?? []);
  for (const rollout of known) await notes.add({ ...rollout, changed });
  return { router, silentMs, auditId: known.length === 0 ? "" : auditId };
}

async function silentRouter(control: Control, router: string): Promise<HeardReport> {
  const own = ownReport(control);
  const reports = [
    own,
    ...(await control.store.reports()).filter((one) => !isSameRouter(one, own)),
  ];
  const named = reports.filter((one) => one.router === router);
  const found = named.find(isSilent) ?? named[0];
  if (found === undefined) throw unknownRouter(router, reports);
  if (isSilent(found)) return found;
  throw new ServingError(
    "FAILED_PRECONDITION",
    `${router} lives: it was heard of ${seconds(found.silentMs)} ago; stop it, and it is forgotten by itself`,
  );
}

function unknownRouter(router: string, reports: readonly HeardReport[]): ServingError {
  const silent = reports.filter(isSilent).map((report) => report.router);
  const meant = nearest(router, silent);
  const others = silent.length === 0 ? "no router is silent" : `silent are ${silent.join(", ")}`;
  const hint = meant === undefined ? others : `did you mean ${meant}?`;
  return new ServingError("NOT_FOUND", `no router ${JSON.stringify(router)}; ${hint}`);
}

function seconds(ms: number): string {
  return formatDuration(1_000 * Math.floor(ms / 1_000));
}
