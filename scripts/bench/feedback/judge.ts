import type { Exported } from "./count-exported.ts";
import { eventId, type Sent } from "./send-events.ts";

export interface Judged {
  readonly acknowledged: number;
  /** Acknowledged, and not there. */
  readonly lost: number;
  readonly twice: number;
  /** There, and never sent. */
  readonly strange: number;
}

/** Whether every acknowledged event is there exactly once. */
export function judge({ acknowledged }: Sent, { counts }: Exported, events: number): Judged {
  const ids = new Set(Array.from({ length: events }, (_, number) => eventId(number)));
  return {
    acknowledged: acknowledged.size,
    lost: [...acknowledged].filter((number) => !counts.has(eventId(number))).length,
    twice: [...counts.values()].filter((count) => count > 1).length,
    strange: [...counts.keys()].filter((id) => !ids.has(id)).length,
  };
}
