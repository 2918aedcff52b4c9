import type { RecordedEvent } from "./feedback-event.ts";

/** The names that are kept, for whoever reads them with a tool of his own. */
interface Line {
  readonly event_id: string;
  readonly recommendation_id: string;
  readonly user: string;
  readonly liked: string;
  readonly others: readonly string[];
  readonly time: string;
  readonly received: string;
}

/** One line of JSON, without its end. */
export function lineOf(event: RecordedEvent): string {
  return JSON.stringify({
    event_id: event.eventId,
    recommendation_id: event.recommendationId,
    user: event.user,
    liked: event.liked,
    others: event.others,
    time: new Date(event.timeMs).toISOString(),
    received: new Date(event.receivedMs).toISOString(),
  } satisfies Line);
}

/** Undefined for what is no such line, e.g. one that was torn. */
export function parseLine(line: string): RecordedEvent | undefined {
  const read = parse(line);
  if (read === undefined) return undefined;
  const { event_id: eventId, recommendation_id: recommendationId, user, liked, others } = read;
  const timeMs = Date.parse(read.time);
  const receivedMs = Date.parse(read.received);
  const isWhole =
    [eventId, recommendationId, user, liked].every((one) => typeof one === "string") &&
    Array.isArray(others) &&
    others.every((one) => typeof one === "string") &&
    !Number.isNaN(timeMs + receivedMs);
  return isWhole
    ? { eventId, recommendationId, user, liked, others, timeMs, receivedMs }
    : undefined;
}

function parse(line: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Line) : undefined;
  } catch {
    return undefined;
  }
}
