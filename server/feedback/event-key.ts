import type { FeedbackEvent } from "./feedback-event.ts";

/**
 * What repeats are known by: clients count their ids by themselves, and two users' "1" are two events. No id has control
 * characters.
 */
export function eventKeyOf({ eventId, user }: Pick<FeedbackEvent, "eventId" | "user">): string {
  return `${eventId}\0${user}`;
}
