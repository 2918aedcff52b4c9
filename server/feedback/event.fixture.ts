import type { RecordedEvent } from "./feedback-event.ts";

export const baseMs = Date.parse("2026-01-31T12:00:00Z");

/** An event of its own for each number, received in their order, a second apart. */
export function eventOf(number: number, fields: Partial<RecordedEvent> = {}): RecordedEvent {
  return {
    eventId: `e${number}`,
    recommendationId: `r${number}`,
    user: `u${number % 7}`,
    liked: `p${number}`,
    others: [`p${number + 1}`, `p${number + 2}`],
    timeMs: baseMs + 1_000 * number - 250,
    receivedMs: baseMs + 1_000 * number,
    ...fields,
  };
}

export async function gather<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const gathered: Value[] = [];
  for await (const value of values) gathered.push(value);
  return gathered;
}
