import { expect, test } from "vitest";
import { readConfig } from "./config/read-config.ts";
import { serveSchema, type ServeConfig } from "./config/serve-schema.ts";
import { loadSettings } from "./load-settings.ts";
import { createLog } from "./log/log.ts";

const silent = createLog({ write: () => {} });

function planOf(args: readonly string[], sessionBytes: number) {
  return loadSettings(configOf(args), silent).plan(sessionBytes);
}

function configOf(args: readonly string[]): ServeConfig {
  const result = readConfig(serveSchema, {
    args: ["--models", "m", ...args],
    env: {},
    readFile: () => "",
  });
  if ("config" in result) return result.config;
  throw new Error(result.problems.join("\n"));
}

test("what is set wins over what the machine suggests", () => {
  expect(planOf(["--workers", "3", "--intra-op-threads", "2"], 1e6)).toEqual({
    workers: 3,
    intraOpThreads: 2,
  });
});

test("a memory budget below one session of each version is refused, with what it takes", () => {
  const args = ["--memory-budget-bytes", "500MiB", "--keep-versions", "2"];
  expect(() => planOf(args, 200e6)).toThrow(
    "3 versions with one session each take about 1080000000",
  );
  expect(planOf(args, 90e6).workers).toBe(1);
});
