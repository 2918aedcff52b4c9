import { expect, test } from "vitest";
import { splitRepeats } from "./split-repeats.ts";

test.each([
  [[], [], []],
  [["--model", "songs"], ["--model", "songs"], []],
  [["--track", "a", "--model", "songs"], ["--track", "a", "--model", "songs"], []],
  [
    ["--track", "a", "--track", "b", "--track=c=d"],
    ["--track", "a"],
    ["b", "c=d"],
  ],
  [["--track=a", "--top-k", "3", "--track", "-b"], ["--track=a", "--top-k", "3"], ["-b"]],
  // The value of another flag is no flag.
  [["--user", "--track", "--track", "a"], ["--user", "--track", "--track", "a"], []],
  // For whoever reads the rest to complain about.
  [["--track", "a", "--track"], ["--track", "a", "--track"], []],
  [["--track"], ["--track"], []],
  [["--tracks", "a", "--tracks", "b"], ["--tracks", "a", "--tracks", "b"], []],
])("%j", (args, kept, more) => {
  expect(splitRepeats(args, "--track")).toEqual({ args: kept, more });
});
