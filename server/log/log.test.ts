import { expect, test } from "vitest";
import { ServingError } from "../../proto/serving-error.ts";
import { createTrialAuthority } from "../../transport/issue-certificates.ts";
import { createLog, type LogOptions } from "./log.ts";

function capture(options: LogOptions = {}) {
  const lines: string[] = [];
  const log = createLog({
    isPretty: false,
    write: (line) => lines.push(line),
    now: () => new Date("2025-01-31T12:00:00.250Z"),
    ...options,
  });
  return {
    log,
    lines,
    objects: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

test("one JSON object a line, with the fields of the child", () => {
  const { log, lines, objects } = capture();
  log.child({ model: "music" }).info("model loaded", { tookMs: 12, note: "two\nlines" });
  expect(lines[0]).toMatch(/^\{.*\}\n$/);
  expect(objects()).toEqual([
    {
      time: "2025-01-31T12:00:00.250Z",
      level: "info",
      message: "model loaded",
      model: "music",
      tookMs: 12,
      note: "two\nlines",
    },
  ]);
});

test("less important lines than the level are dropped", () => {
  const { log, objects } = capture({ level: "warn" });
  log.debug("a");
  log.info("b");
  log.warn("c");
  log.error("d");
  expect(objects().map(({ message }) => message)).toEqual(["c", "d"]);
});

test("errors are told with their codes and causes", () => {
  const { log, objects } = capture();
  const root = Object.assign(new Error("no space"), { code: "ENOSPC" });
  const error = new ServingError("UNAVAILABLE", "engine failed", {
    cause: new Error("cannot write", { cause: root }),
  });
  log.error("call failed", { error });
  expect(objects()[0]!["error"]).toMatchObject({
    name: "ServingError",
    code: "UNAVAILABLE",
    message: "engine failed",
    cause: {
      message: "cannot write",
      stack: expect.stringContaining("log.test.ts"),
      cause: { code: "ENOSPC", message: "no space" },
    },
  });
});

test("a loop of causes ends, and values that JSON lacks are told as text", () => {
  const { log, objects } = capture();
  const loop = new Error("round");
  loop.cause = loop;
  log.error("odd", {
    error: loop,
    big: 10n,
    deadlineMs: Infinity,
    thrown: new Error("x", { cause: "text" }),
  });
  expect(objects()[0]).toMatchObject({
    big: "10",
    deadlineMs: "Infinity",
    thrown: { cause: "text" },
  });
  expect(JSON.stringify(objects()[0])).toContain("and more causes");
});

test.each([true, false])("private keys never get out (pretty: %s)", (isPretty) => {
  const { key, certificate } = createTrialAuthority().issue("server");
  const { log, lines } = capture({ isPretty });
  const secret = key.split("\n")[1]!;
  log.error(`bad key ${key}`, {
    key,
    error: new Error(key, { cause: key.slice(0, 60) }),
    certificate,
  });
  expect(lines.join()).not.toContain(secret.slice(0, 20));
  expect(lines.join()).toContain("[PRIVATE KEY removed]");
  expect(lines.join()).toContain("BEGIN CERTIFICATE");
});

test("people get a line that they can read", () => {
  const { log, lines } = capture({ isPretty: true });
  log.warn("certificate in use", { expires: new Date(0), days: 3 });
  expect(lines).toEqual([
    '12:00:00.250 WARN  certificate in use expires="1970-01-01T00:00:00.000Z" days=3\n',
  ]);
});
