import * as fc from "fast-check";
import { expect, test } from "vitest";
import { BatchRecommendResponse, RecommendResponse } from "./gen/crossfade/v1/recommender.ts";
import { joinResults, type BatchAnswer } from "./join-results.ts";
import { mutated } from "./request.arbitrary.ts";
import { Code, nameOf, ServingError } from "./serving-error.ts";
import { sliceResults } from "./slice-results.ts";

const response = fc
  .record({
    id: fc.string(),
    title: fc.string({ maxLength: 200 }),
    score: fc.float({ noNaN: true }),
  })
  .map((item) => ({
    bytes: RecommendResponse.encode(RecommendResponse.fromPartial({ items: [item] })).finish(),
  }));
const failure = fc
  .record({
    code: fc.constantFrom(...Object.values(Code).filter((code) => code !== Code.OK)),
    message: fc.string({ unit: "grapheme", maxLength: 200 }),
    pushbackMs: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
  })
  .map(({ code, message, pushbackMs }) => {
    const trailers = pushbackMs && { "grpc-retry-pushback-ms": String(pushbackMs) };
    return new ServingError(nameOf(code), message, trailers ? { trailers } : {});
  });
const answers = fc.array(fc.oneof(response, failure), { maxLength: 30 });

/** What a reader of the generated code sees, in the same words. */
function decoded(batch: Uint8Array): unknown[] {
  return BatchRecommendResponse.decode(batch).results.map(({ result }) => {
    if (result?.$case !== "status") return result?.value;
    const { code, message, retryPushbackMs } = result.value;
    return { code, message, pushback: retryPushbackMs };
  });
}

function said(result: Uint8Array | ServingError): unknown {
  if (!(result instanceof ServingError)) return RecommendResponse.decode(result);
  const { code, message, trailers } = result;
  return { code, message, pushback: Number(trailers["grpc-retry-pushback-ms"] ?? 0) };
}

function shown(answer: BatchAnswer | Uint8Array): unknown {
  if (answer instanceof ServingError) return [answer.code, answer.message, answer.trailers];
  return Buffer.from("bytes" in answer ? answer.bytes : answer).toString("hex");
}

test("reads what the generated code reads", () => {
  fc.assert(
    fc.property(answers, (answers) => {
      const batch = joinResults(answers);
      expect(sliceResults(batch, answers.length).map(said)).toEqual(decoded(batch));
    }),
    { numRuns: 500 },
  );
});

test("gives back the bytes and failures that were joined", () => {
  fc.assert(
    fc.property(answers, (answers) => {
      const sliced = sliceResults(joinResults(answers), answers.length);
      expect(sliced.map(shown)).toEqual(answers.map(shown));
    }),
  );
});

test("damaged bytes: as many results as were asked for, within the bytes, and no failure that is OK", () => {
  fc.assert(
    fc.property(
      mutated(answers.map(joinResults)),
      fc.integer({ min: 1, max: 30 }),
      (bytes, count) => {
        const results = sliceResults(bytes, count);
        expect(results).toHaveLength(count);
        for (const result of results) {
          if (result instanceof ServingError) expect(result.code).not.toBe(Code.OK);
          else expect(result.buffer).toBe(bytes.buffer);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

test.each([
  { what: "too few results", hex: "0a020a00", says: "1 results for 2 requests" },
  { what: "too many results", hex: "0a020a000a020a000a020a00", says: "3 results for 2 requests" },
  { what: "none", hex: "", says: "0 results for 2 requests" },
  { what: "a truncated result", hex: "0a050a", says: "malformed at byte 2" },
  { what: "two empty results", hex: "0a000a00", says: "neither a response nor a status" },
  { what: "two failures that are OK", hex: "0a0212000a021200", says: "status OK" },
  { what: "a group", hex: "0b0c", says: "does not use" },
])("$what: UNAVAILABLE for each, and says what it is", ({ hex, says }) => {
  const results = sliceResults(Buffer.from(hex, "hex"), 2);
  const failure = { code: Code.UNAVAILABLE, message: expect.stringContaining(says) };
  expect(results).toEqual([expect.objectContaining(failure), expect.objectContaining(failure)]);
});

test("a code that gRPC does not have is UNKNOWN", () => {
  const [result] = sliceResults(Buffer.from("0a0412020863", "hex"), 1);
  expect(result).toMatchObject({ code: Code.UNKNOWN });
});

test("of several values in one result the last counts", () => {
  const [last] = sliceResults(Buffer.from("0a0a1202080e0a0422027272", "hex"), 1);
  expect(Buffer.from(last as Uint8Array).toString("hex")).toBe("22027272");
});
