import { expect, test } from "vitest";
import { parseDuration } from "../../router/rollout/duration-text.ts";
import type { Flag } from "./flag.ts";
import { readArguments } from "./read-arguments.ts";

const reason: Flag = { name: "--reason", short: "-m", value: "TEXT", help: "" };
const full: Flag = { name: "--full", help: "" };
const isValue = (next: string) => parseDuration(next) !== undefined;
const wait: Flag = { name: "--wait", value: "TIME", isValue, help: "" };
const proto: Flag = { name: "--proto", value: "FILE", repeats: true, help: "" };
const flags = [reason, full, wait, proto];

function read(...args: readonly string[]) {
  const { words, has, value } = readArguments(args, flags);
  return {
    words,
    reason: value(reason),
    full: has(full),
    wait: has(wait) && (value(wait) ?? true),
  };
}

const nothing = { words: [], reason: undefined, full: false, wait: false };

test.each([
  [["toy", "--full"], { words: ["toy"], full: true }],
  [["--full", "toy"], { words: ["toy"], full: true }],
  [["--reason", "a b", "toy"], { words: ["toy"], reason: "a b" }],
  [["--reason=a=b", "toy"], { words: ["toy"], reason: "a=b" }],
  [["-m", "--full"], { reason: "--full" }],
  [["--reason="], { reason: "" }],
  [["--wait", "toy"], { words: ["toy"], wait: true }],
  [["--wait", "5s", "toy"], { words: ["toy"], wait: "5s" }],
  [["--wait=10s"], { wait: "10s" }],
  [["--wait"], { wait: true }],
  [["--", "--full", "-m"], { words: ["--full", "-m"] }],
  [["-"], { words: ["-"] }],
])("%j", (args, expected) => expect(read(...args)).toEqual({ ...nothing, ...expected }));

test("what may be given again and again keeps its order", () => {
  const { value, values } = readArguments(["--proto", "b", "x", "--proto=a", "--full"], flags);
  expect([value(proto), values(proto)]).toEqual(["b", ["b", "a"]]);
  expect(values(reason)).toEqual([]);
});

test("every problem is told, with the nearest option", () => {
  expect(() =>
    read("--raeson", "--full", "--full", "--full=1", "-x", "--completely-else", "--reason"),
  ).toThrow(
    [
      "there is no option --raeson; did you mean --reason?",
      "--full is given twice",
      "--full is given twice",
      '--full takes no value, got "1"',
      "there is no option -x; see --help",
      "there is no option --completely-else; see --help",
      "--reason needs a value: --reason TEXT",
    ].join("\n"),
  );
});
