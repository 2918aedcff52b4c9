/** What a user did with a recommendation: one of the items he was shown he liked, the others he did not. */
export interface FeedbackEvent {
  readonly eventId: string;
  /** "": it cites none. */
  readonly recommendationId: string;
  readonly user: string;
  readonly liked: string;
  readonly others: readonly string[];
  /** When it happened, in milliseconds since 1970. */
  readonly timeMs: number;
}

/** As it is kept. */
export interface RecordedEvent extends FeedbackEvent {
  /** When it came here, in milliseconds since 1970. */
  readonly receivedMs: number;
}

/** For how long a repeated event id counts once. */
export const repeatWindowMs = 86_400_000;
