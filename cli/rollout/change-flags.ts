import { randomUUID } from "node:crypto";
import type { ChangeRolloutRequest } from "../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { formatDuration, parseDuration } from "../../router/rollout/duration-text.ts";
import type { Flag, Given } from "../arguments/flag.ts";
import { readTime } from "../arguments/read-time.ts";
import { wrong } from "../arguments/wrong.ts";

export const reasonFlag: Flag = {
  name: "--reason",
  short: "-m",
  value: "TEXT",
  help: "why: kept in the history, for who reads it at night; required but for a dry run",
};
const expectFlag: Flag = {
  name: "--expect-rev",
  value: "N",
  help: "only if that is the revision now; else nothing happens, and you hear who was faster",
};
export const dryRunFlag: Flag = { name: "--dry-run", help: "say what it would do, and do nothing" };
const standardWaitMs = 5_000;
const waitFlag: Flag = {
  name: "--wait",
  value: "TIME",
  isValue: (next) => parseDuration(next) !== undefined,
  help: `until every router has it (default ${formatDuration(standardWaitMs)}); fails with the names of those that have not, or are silent`,
};
const keyFlag: Flag = {
  name: "--idempotency-key",
  value: "KEY",
  help: "to ask again what may have been done: within a day the same key is done once (default: a new one)",
};

/** What every verb that changes something takes. */
export const changeFlags = [reasonFlag, expectFlag, dryRunFlag, waitFlag, keyFlag] as const;

export interface ChangeOptions {
  readonly request: Omit<ChangeRolloutRequest, "model" | "change">;
  /** Undefined: not at all. */
  readonly waitMs: number | undefined;
}

export function readChangeOptions(given: Given): ChangeOptions {
  const dryRun = given.has(dryRunFlag);
  const request = {
    dryRun,
    reason: reasonOf(given, dryRun),
    expectRevision: readRevision(given, expectFlag),
    idempotencyKey: given.value(keyFlag) ?? (dryRun ? "" : randomUUID()),
  };
  return { request, waitMs: dryRun ? undefined : waitOf(given) };
}

export function reasonOf(given: Given, isOptional = false): string {
  const reason = given.value(reasonFlag)?.trim() ?? "";
  if (reason !== "") return reason;
  if (isOptional) return "dry run";
  throw wrong('say why: --reason "…"; who looks at the history at night will want to know');
}

/** 0: not given. */
export function readRevision(given: Given, flag: Flag): number {
  const text = given.value(flag);
  if (text === undefined) return 0;
  if (/^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw wrong(`${flag.name} is "${text}"; it must be a revision, e.g. 7`);
}

function waitOf(given: Given): number | undefined {
  if (!given.has(waitFlag)) return undefined;
  return readTime(given, waitFlag) ?? standardWaitMs;
}
