import { expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { formatStoreAddress, parseStoreAddress } from "./store-address.ts";

test.each([
  ["redis://redis", "redis://redis:6379"],
  ["redis://10.0.0.1:7000/", "redis://10.0.0.1:7000"],
  ["rediss://app@redis.example:6380/3", "rediss://app@redis.example:6380/3"],
  ["redis://a%40b@[::1]:6379", "redis://a%40b@[::1]:6379"],
  ["redis+sentinel://s1,s2:5000/main", "redis+sentinel://s1:26379,s2:5000/main"],
  ["rediss+sentinel://s1/main/2", "rediss+sentinel://s1:26379/main/2"],
  ["redis+cluster://n1:7001,n2", "redis+cluster://n1:7001,n2:6379"],
])("%s", (text, complete) => {
  expect(formatStoreAddress(parseStoreAddress(text))).toBe(complete);
  expect(parseStoreAddress(complete)).toEqual(parseStoreAddress(text));
});

test("all that it says", () => {
  expect(parseStoreAddress("rediss+sentinel://app@s1,[fe80::1]:5/main/2")).toEqual({
    kind: "sentinel",
    hosts: [
      { host: "s1", port: 26_379 },
      { host: "fe80::1", port: 5 },
    ],
    isTls: true,
    username: "app",
    master: "main",
    db: 2,
  });
});

test.each([
  ["", "it must be redis://host:port"],
  ["localhost:6379", "it must be redis://host:port"],
  ["http://redis", "it must be redis://host:port"],
  ["redis+magic://redis", "it must be redis://host:port"],
  ["redis://", "it must be redis://host:port"],
  ["redis://redis?db=3", "it must be redis://host:port"],
  ["redis://redis:0", '"redis:0" is no host:port'],
  ["redis://redis:65536", '"redis:65536" is no host:port'],
  ["redis://a:b:c", '"a:b:c" is no host:port'],
  ["redis://a,,b", "is no host:port"],
  ["redis://a,b", "several hosts need redis+sentinel:// or redis+cluster://"],
  ["redis://redis/main", '"main" is no number of a database'],
  ["redis+sentinel://s1", "after the sentinels comes /NAME"],
  ["redis+sentinel://s1/main/2/3", "after the sentinels comes /NAME"],
  ["redis+cluster://n1/2", "a cluster has one database only: leave out /2"],
  ["redis://%zz@redis", "not percent-encoded"],
])("refuses %j", (text, why) => {
  expect(() => parseStoreAddress(text)).toThrow(why);
  expect(() => parseStoreAddress(text)).toThrow(
    expect.objectContaining({ code: Code.INVALID_ARGUMENT }),
  );
});

test.each([
  "redis://:hunter2@redis",
  "redis://app:hunter2@redis:1/3",
  "redis://app:hunter2@a,b",
  "rediss+sentinel://app:hunter2@s1",
  "redis://app:hun@ter2@redis",
  "http://app:hunter2@redis",
])("a password is refused and not repeated: %s", (text) => {
  expect(() => parseStoreAddress(text)).toThrow(/^(?!.*(hunter2|ter2)).*(PASSWORD|must be)/);
});
