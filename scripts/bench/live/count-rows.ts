import { codeFrom, nameOf } from "../../../proto/serving-error.ts";
import { sliceBatch } from "../../../proto/slice-batch.ts";

const responseTag = 0x0a;

/**
 * Adds the results of an encoded BatchRecommendResponse to the counts by status. Looks at two bytes of each: decoding them all would
 * cost the generator more than asking.
 */
export function countRows(reply: Uint8Array, counts: { [code: string]: number }): void {
  // Requests in a batch and results in its reply are both field 1.
  const spans = sliceBatch(reply, Infinity);
  for (let at = 0; at < spans.length; at += 2) {
    const start = spans[at]!;
    const code = reply[start] === responseTag ? "OK" : failureAt(reply, start);
    counts[code] = (counts[code] ?? 0) + 1;
  }
}

/** A Status: tag and length, then the code, which is less than 128, behind its tag. */
function failureAt(reply: Uint8Array, start: number): string {
  const lengthBytes = reply[start + 1]! < 0x80 ? 1 : 2;
  return nameOf(codeFrom(reply[start + 1 + lengthBytes + 1]!));
}
