import { expect, test } from "vitest";
import { RecommendRequest } from "../proto/gen/crossfade/v1/recommender.ts";
import { Code } from "../proto/serving-error.ts";
import { callWith } from "./backend.contract.ts";
import { createQuery, createQueryReader, pinVersion } from "./query.ts";

const call = callWith({});
const thrownBy = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
};

test("reads what a router needs, and decodes the rest once and only when asked", () => {
  const request = RecommendRequest.fromPartial({
    model: "tunes",
    userId: "ann",
    modelVersion: "7",
    topK: 3,
  });
  const bytes = RecommendRequest.encode(request).finish();
  const query = createQueryReader()(bytes, call);
  expect(query).toMatchObject({ model: "tunes", version: "7", call });
  expect(query.bytes).toBe(bytes);
  expect(Buffer.from(query.user).toString()).toBe("ann");
  expect(query.request()).toEqual(request);
  expect(query.request()).toBe(query.request());
});

test("an anonymous request without names has empty ones", () => {
  const query = createQueryReader()(new Uint8Array(), call);
  expect([query.model, query.version, query.user.length]).toEqual(["", "", 0]);
});

test("what is no request is the caller's error, at once or when it is decoded", () => {
  const truncated = Uint8Array.of(0x0a, 0x7f, 0x01);
  const read = createQueryReader();
  expect(thrownBy(() => read(truncated, call))).toMatchObject({ code: Code.INVALID_ARGUMENT });
  const unread = createQuery(truncated, call, { model: "", version: "", user: new Uint8Array() });
  expect(thrownBy(() => unread.request())).toMatchObject({
    code: Code.INVALID_ARGUMENT,
    message: "RecommendRequest is malformed; encode it with a protobuf library",
  });
});

test("a pinned query has another version and the same bytes, which are decoded once for both", () => {
  const bytes = RecommendRequest.encode(RecommendRequest.fromPartial({ userId: "ann" })).finish();
  const query = createQueryReader()(bytes, call);
  const pinned = pinVersion(query, "7");
  expect(pinned).toMatchObject({ version: "7", sentVersion: "", call });
  expect(query.version).toBe("");
  expect(pinned.bytes).toBe(bytes);
  expect(pinned.request()).toBe(query.request());
  expect(pinVersion(pinned, "7")).toBe(pinned);
});
