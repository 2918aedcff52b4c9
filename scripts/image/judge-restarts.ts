import type { CallRecord } from "../chaos/call-record.ts";
import type { Exit } from "./container.ts";
import { memoryLimitBytes } from "./limits.ts";

/** What was seen while containers restarted. Times are of the clock of `monotonicMs`. */
export interface Restarts {
  /** To one server, before anything was stopped. */
  readonly direct: readonly CallRecord[];
  /** Through the router, all the while. */
  readonly calls: readonly CallRecord[];
  readonly exits: readonly Exit[];
  /** When the last server was back. */
  readonly backMs: number;
  /** As the containers themselves see them. */
  readonly memoryLimits: readonly number[];
}

export interface Judged {
  readonly figures: {
    readonly directCalls: number;
    readonly calls: number;
    /** By status. */
    readonly failed: Readonly<Record<string, number>>;
    readonly restarts: number;
    readonly memoryLimitBytes: number;
  };
  readonly missed: readonly string[];
  readonly invalid: readonly string[];
}

export function judgeRestarts(seen: Restarts): Judged {
  const { direct, calls, exits, backMs, memoryLimits } = seen;
  const failures = [...direct, ...calls].filter(({ code }) => code !== "OK");
  const failed: Record<string, number> = {};
  for (const { code } of failures) failed[code] = (failed[code] ?? 0) + 1;
  const badExits = exits.filter(({ code, outOfMemory }) => code !== 0 || outOfMemory);
  const isLimited = memoryLimits.every((bytes) => bytes === memoryLimitBytes);
  const calledAfter = calls.some(({ sentMs }) => sentMs > backMs);
  return {
    figures: {
      directCalls: direct.length,
      calls: calls.length,
      failed,
      restarts: exits.length,
      memoryLimitBytes,
    },
    missed: [
      failures[0] !== undefined &&
        `${failures.length} calls failed, the first with ${failures[0].code}: ${failures[0].message}`,
      badExits[0] !== undefined &&
        `${badExits.length} containers did not end well on SIGTERM: ${JSON.stringify(badExits)}`,
    ].filter((line) => line !== false),
    invalid: [
      direct.length === 0 && "the server was not called directly",
      !calledAfter && "the calls ended before the last server was back",
      !isLimited && `containers see memory limits of ${memoryLimits.join(", ")} bytes`,
    ].filter((line) => line !== false),
  };
}
