import { expect, test } from "vitest";
import { readConfig } from "./config/read-config.ts";
import { serveSchema, type ServeConfig } from "./config/serve-schema.ts";
import { loadSettings } from "./load-settings.ts";
import { createLog } from "./log/log.ts";

const silent = createLog({ write: () => {} });

function planOf(args: readonly string[], sessionBytes: number, versionsLoaded = 0) {
  return loadSettings(configOf(args), silent).plan(sessionBytes, versionsLoaded);
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

test("a version beyond those that were planned for needs what the others leave", () => {
  const args = ["--memory-budget-bytes", "500MiB", "--keep-versions", "2"];
  expect(planOf(args, 90e6, 2).workers).toBe(1);
  expect(() => planOf(args, 90e6, 3)).toThrow(
    "memory is short: 3 versions of the model are loaded, with about 486000000 bytes",
  );
  expect(planOf([...args, "--workers", "1"], 1e6, 3).workers).toBe(1);
});
