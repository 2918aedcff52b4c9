import { expect, test } from "vitest";
import { readConfig } from "../config/read-config.ts";
import { routeSchema } from "../config/route-schema.ts";

const read = (...args: readonly string[]) =>
  readConfig(routeSchema, {
    args: ["--servers", "localhost:1", ...args],
    env: {},
    readFile: () => "",
  });

test.each([
  ["off"],
  ["/var/lib/feedback"],
  ["feedback"],
  ["redis://localhost"],
  ["rediss://user@a:6380/2"],
  ["redis+sentinel://a,b:26380/main"],
])("feedback in %s", (place) => {
  expect(read("--feedback", place)).toMatchObject({ config: { feedback: place } });
});

test("a cluster, when it need not be synced", () => {
  const args = ["--feedback", "redis+cluster://a,b", "--feedback-ack", "received"];
  expect(read(...args)).toHaveProperty("config");
});

test.each([
  [["--feedback", "http://x"], '--feedback is "http://x"; it must be a folder, redis://host:port'],
  [["--feedback", "kafka://x"], "it must be a folder"],
  [["--feedback="], "it must be a folder"],
  [["--feedback", "redis://user:secret@a"], "a password in it would show"],
  [["--feedback", "redis+cluster://a,b"], "cannot be known to be synced"],
  [["--feedback", "x", "--feedback-ack", "received"], "feedbackAck is for feedback in Redis"],
  [["--feedback", "x", "--feedback-password-file", "y"], "feedbackPasswordFile is for"],
  [["--feedback", "redis://a", "--feedback-tls-authority", "y"], "rediss instead of redis"],
  [["--feedback-max-bytes", "1KiB"], "it must be a size from 1MiB"],
  [["--feedback-keep-ms", "1h"], "it must be a duration from 1d to 3660d"],
  [["--feedback-sync-ms", "2s"], "it must be a duration from 0ms to 1s"],
])("%j is refused", (args, says) => {
  const { problems } = read(...args) as { problems: readonly string[] };
  expect(problems).toEqual([expect.stringContaining(says)]);
  expect(problems.join()).not.toContain("secret");
});
