import { describe, expect, test } from "vitest";
import { readConfig } from "./read-config.ts";
import { renderHelp } from "./render-help.ts";
import { serveSchema, type ServeConfig } from "./serve-schema.ts";
import { flagOf, variableOf } from "./sources.ts";

interface Inputs {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly files?: Readonly<Record<string, string>>;
}

function read({ args = [], env = {}, files = {} }: Inputs) {
  const readFile = (path: string) => {
    if (files[path] === undefined) throw new Error(`ENOENT: no such file, open '${path}'`);
    return files[path];
  };
  return readConfig(serveSchema, { args, env, readFile });
}

function configOf(inputs: Inputs): ServeConfig {
  const result = read(inputs);
  expect(result).toHaveProperty("config");
  return (result as { config: ServeConfig }).config;
}

function problemsOf(inputs: Inputs): readonly string[] {
  const result = read(inputs);
  expect(result).toHaveProperty("problems");
  return (result as { problems: readonly string[] }).problems;
}

const serve = ["--models", "/models"];

test("the defaults are the documented ones", () => {
  expect(configOf({ args: serve })).toMatchObject({
    models: "/models",
    port: 8_500,
    metricsPort: 8_502,
    host: "127.0.0.1",
    pollMs: 2_000,
    keepVersions: 2,
    loadTimeoutMs: 600_000,
    maxMessageBytes: 4 * 1024 * 1024,
    maxHistory: 10_000,
    maxBatchRequests: 1_000,
    maxBatchResults: 100_000,
    defaultDeadlineMs: 250,
    defaultBatchDeadlineMs: 2_000,
  });
});

test("flags win over the environment, which wins over the file", () => {
  const files = { "a.json": '{ "models": "/file", "port": 1, "pollMs": "3s", "workers": 4 }' };
  const env = {
    CROSSFADE_CONFIG: "a.json",
    CROSSFADE_PORT: "2",
    CROSSFADE_POLL_MS: "4s",
    PATH: "/bin",
  };
  expect(configOf({ files, env, args: ["--port=3"] })).toMatchObject({
    models: "/file",
    port: 3,
    pollMs: 4_000,
    workers: 4,
  });
});

test("--config wins over CROSSFADE_CONFIG", () => {
  const files = { a: '{ "bundle": "a" }', b: '{ "bundle": "b" }' };
  expect(configOf({ files, env: { CROSSFADE_CONFIG: "a" }, args: ["--config", "b"] }).bundle).toBe(
    "b",
  );
});

test.each<[keyof ServeConfig, string, unknown]>([
  ["pollMs", "250ms", 250],
  ["pollMs", "1.5s", 1_500],
  ["pollMs", "500", 500],
  ["drainMs", "1min", 60_000],
  ["drainMs", "1h", 3_600_000],
  ["maxMessageBytes", "16MiB", 16 * 2 ** 20],
  ["maxMessageBytes", "2MB", 2_000_000],
  ["memoryBudgetBytes", "1.5GiB", 1.5 * 2 ** 30],
  ["memoryBudgetBytes", "auto", "auto"],
  ["workers", "3", 3],
  ["metricsPort", "off", "off"],
  ["variant", "qint8", "qint8"],
])("%s %s", (name, text, value) => {
  expect(configOf({ args: [...serve, flagOf(name), text] })[name]).toBe(value);
});

describe("every problem is told at once, with where it is and what is allowed", () => {
  test("values", () => {
    const files = { "a.json": '{ "models": 7, "keepVersions": 0 }' };
    const env = { CROSSFADE_PORT: "http", CROSSFADE_WORKERS: "many" };
    const args = [
      "--config",
      "a.json",
      "--poll-ms",
      "2x",
      "--max-message-bytes=5GiB",
      "--variant=int4",
    ];
    expect(problemsOf({ files, env, args })).toEqual([
      "models in a.json is 7; it must be a path",
      "keepVersions in a.json is 0; it must be a whole number from 1 to 16",
      'CROSSFADE_PORT is "http"; it must be a whole number from 0 to 65535',
      'CROSSFADE_WORKERS is "many"; it must be a whole number from 1 to 256, or auto',
      '--poll-ms is "2x"; it must be a duration from 1ms to 1h',
      '--max-message-bytes is "5GiB"; it must be a size from 1KiB to 1GiB',
      '--variant is "int4"; it must be one of fp32, qint8, fp16, edge, or auto',
    ]);
  });

  test("names, with the nearest one", () => {
    const files = { "a.json": '{ "modles": "x", "Port": 1 }' };
    const env = { CROSSFADE_KEEP_VERSION: "2", CROSSFADE_COMPLETELY_ELSE: "1" };
    const args = ["--config", "a.json", "--drain=2s", "--no-such-thing-at-all", "x", "stray"];
    expect(problemsOf({ files, env, args })).toEqual([
      "modles in a.json is no setting; did you mean models?",
      "Port in a.json is no setting; did you mean port?",
      "CROSSFADE_KEEP_VERSION is no setting; did you mean CROSSFADE_KEEP_VERSIONS?",
      "CROSSFADE_COMPLETELY_ELSE is no setting; see --help",
      "stray is no flag; flags look like --port 8500",
      "--drain is no setting; did you mean --drain-ms?",
      "--no-such-thing-at-all is no setting; see --help",
    ]);
  });

  test("what is given twice", () => {
    const files = { "a.json": '{ "models": "x", "port": 1, "port": 2 }' };
    expect(problemsOf({ files, args: ["--config=a.json", "--host", "a", "--host", "b"] })).toEqual([
      "port in a.json is given twice",
      "--host is given twice",
    ]);
  });

  test.each([
    ["a file that is not there", "--config=none.json", "cannot read none.json: ENOENT"],
    ["a file that is no JSON", "--config=bad.json", "bad.json is no JSON"],
    ["a file that is a list", "--config=list.json", "list.json must hold one JSON object"],
    ["a flag without a value", "--port", "--port needs a value"],
    ["an empty path", "--bundle=", '--bundle is ""; it must be a path'],
    ["a NUL in a path", "--bundle=a\0b", "it must be a path"],
  ])("%s", (_, flag, problem) => {
    const files = { "bad.json": "{", "list.json": "[]" };
    const problems = problemsOf({ files, args: [...serve, flag] });
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  test.each([
    [[], "nothing to serve"],
    [["--models", "a", "--bundle", "b"], "exclude each other"],
    [[...serve, "--tls-key", "k"], "need each other"],
    [[...serve, "--tls-client-authority", "c"], "tlsClientAuthority needs"],
    [[...serve, "--metrics-port", "8500"], "both 8500"],
    [[...serve, "--host", "unix:relative"], "absolute path"],
  ])("%j", (args, problem) => {
    expect(problemsOf({ args })).toEqual([expect.stringContaining(problem)]);
  });
});

test("a value that loses is checked all the same", () => {
  expect(
    problemsOf({ env: { CROSSFADE_PORT: "-1" }, args: [...serve, "--port", "1"] }),
  ).toHaveLength(1);
});

test("what Kubernetes says about a Service named crossfade is no setting", () => {
  const env = {
    CROSSFADE_PORT: "tcp://10.0.0.1:8500",
    CROSSFADE_SERVICE_HOST: "10.0.0.1",
    CROSSFADE_SERVICE_PORT: "8500",
    CROSSFADE_SERVICE_PORT_GRPC: "8500",
    CROSSFADE_PORT_8500_TCP: "tcp://10.0.0.1:8500",
    CROSSFADE_PORT_8500_TCP_PROTO: "tcp",
    CROSSFADE_PORT_8500_TCP_PORT: "8500",
    CROSSFADE_PORT_8500_TCP_ADDR: "10.0.0.1",
    CROSSFADE_METRICS_SERVICE_HOST: "10.0.0.2",
  };
  expect(configOf({ env, args: serve }).port).toBe(8_500);
});

test("variables of other commands are no settings, and in nobody's way", () => {
  const env = {
    CROSSFADE_DATA: "data",
    CROSSFADE_AGENT_TOKEN: "secret",
    CROSSFADE_ADMIN: "a:8510",
  };
  expect(configOf({ env, args: serve }).port).toBe(8_500);
});

test("help tells every setting with its default, in 100 columns", () => {
  const help = renderHelp(serveSchema.settings);
  for (const name of Object.keys(serveSchema.settings)) {
    expect(help).toContain(`  ${flagOf(name)} `);
    expect(variableOf(name)).toMatch(/^CROSSFADE_[A-Z0-9_]+$/);
  }
  expect(help).toContain("(default 4MiB)");
  expect(Math.max(...help.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
});

test("the defaults are themselves allowed, and survive being written down", () => {
  for (const setting of Object.values(serveSchema.settings)) {
    if (!("standard" in setting)) continue;
    const { kind, standard } = setting as {
      kind: { parse(raw: unknown): unknown; format(value: unknown): string };
      standard: unknown;
    };
    expect(kind.parse(standard)).toBe(standard);
    expect(kind.parse(kind.format(standard))).toBe(standard);
  }
});
