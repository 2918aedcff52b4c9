import { expect, test } from "vitest";
import { forwardedMetadata } from "./forwarded-metadata.ts";

test("what nobody here knows goes on; what belongs to the connection, and secrets, stay", () => {
  const sent = new Map([
    ["traceparent", "00-1-2-01"],
    ["x-crossfade-criticality", "sheddable"],
    ["te", "trailers"],
    ["grpc-timeout", "1S"],
    ["authorization", "Bearer secret"],
    ["x-crossfade-arm", "canary"],
  ]);
  expect([...forwardedMetadata(sent).keys()]).toEqual(["traceparent", "x-crossfade-criticality"]);
});
