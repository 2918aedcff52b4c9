import { ServingError } from "./serving-error.ts";

/** Places in a request's bytes, in order. Kept and overwritten from request to request. */
export interface Spans {
  /** The field's name, for error messages. */
  readonly field: string;
  readonly maxCount: number;
  /** How many numbers one element has: 2 are the start and end of an id, 4 of a title and an artist. */
  readonly width: number;
  count: number;
  /** Valid up to `count * width`. Another array after it grew, so read it anew for each request. */
  offsets: Int32Array;
}

const startCapacity = 64;

export function createSpans(field: string, width: number, maxCount: number): Spans {
  return {
    field,
    maxCount,
    width,
    count: 0,
    offsets: new Int32Array(width * Math.min(startCapacity, maxCount)),
  };
}

/**
 * Makes room for more than `count` elements, or refuses them because of the cap.
 * Memory follows the elements that came, never a length that somebody claims.
 */
export function growSpans(spans: Spans, count: number): Int32Array {
  const { field, maxCount, width, offsets } = spans;
  if (count >= maxCount) {
    throw new ServingError(
      "INVALID_ARGUMENT",
      `${field} has more than ${maxCount} elements; send at most ${maxCount}`,
    );
  }
  spans.offsets = new Int32Array(width * Math.min(2 * count, maxCount));
  spans.offsets.set(offsets);
  return spans.offsets;
}
