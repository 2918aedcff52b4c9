import type { Kind } from "../../server/config/setting.ts";
import { formatDuration, parseDuration } from "../../server/config/units.ts";

const date = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** A time in milliseconds since 1970, or how long ago it is. */
export function timeKind(nowMs: number): Kind<number> {
  return {
    allowed: "how long ago, e.g. 30d or 12h, or a time, e.g. 2026-01-31 or 2026-01-31T12:00:00Z",
    format(timeMs) {
      if (timeMs === nowMs) return "now";
      return timeMs < nowMs ? formatDuration(nowMs - timeMs) : new Date(timeMs).toISOString();
    },
    parse(raw) {
      if (typeof raw === "number") return raw;
      if (raw === "now") return nowMs;
      if (typeof raw !== "string") return undefined;
      const agoMs = parseDuration(raw);
      if (agoMs !== undefined) return nowMs - agoMs;
      const timeMs = date.test(raw) ? Date.parse(raw) : Number.NaN;
      return Number.isNaN(timeMs) ? undefined : timeMs;
    },
  };
}
