import { expect, test } from "vitest";
import { readConfig } from "../config/read-config.ts";
import { routeSchema } from "../config/route-schema.ts";
import { serveSchema } from "../config/serve-schema.ts";

function route(...args: readonly string[]) {
  return readConfig(routeSchema, {
    args: ["--servers", "a:1", ...args],
    env: {},
    readFile: String,
  });
}

function serve(...args: readonly string[]) {
  return readConfig(serveSchema, { args: ["--models", "m", ...args], env: {}, readFile: String });
}

function problemsOf(...args: readonly string[]): string {
  const result = route(...args);
  return "problems" in result ? result.problems.join("\n") : "none";
}

test("a router has a store of its own and an admin API that this machine alone reaches", () => {
  const result = route();
  expect(result).toMatchObject({
    config: {
      state: ".crossfade/state",
      adminHost: "127.0.0.1",
      adminPort: 8_503,
      adminHttpPort: 8_504,
      processes: 1,
    },
  });
  expect(result).not.toHaveProperty("config.store");
});

test("a server routes when it is told how, and has no admin API by itself", () => {
  expect(serve()).toMatchObject({ config: { adminPort: "off", adminHttpPort: "off" } });
  expect(serve("--cache-ms", "1s")).toMatchObject({
    problems: ["cacheMs needs a router; give distributions, store or adminPort"],
  });
  expect(serve("--cache-ms", "1s", "--store", "redis://b:6379")).toHaveProperty("config");
});

const mistakes: readonly (readonly [says: string, ...args: string[]])[] = [
  ["adminTokens, tlsCertificate and tlsKey", "--admin-host", "0.0.0.0"],
  ["lets other machines", "--admin-host", "10.0.0.1", "--admin-tokens", "tokens"],
  ["needs adminPort or", "--admin-tokens", "t", "--admin-port", "off", "--admin-http-port", "off"],
  ["both 8501", "--admin-port", "8501"],
  ["storePasswordFile needs store", "--store-password-file", "p"],
  ["rediss", "--store", "redis://b", "--store-tls-authority", "ca.pem"],
  ["redis+sentinel", "--store", "postgres://b"],
  ["redis+cluster://", "--store", "redis://a:1,b:2"],
  ["from 1 to 64", "--processes", "0"],
];

test.each(mistakes)("says %s", (says, ...args) => {
  expect(problemsOf(...args)).toContain(says);
});

test("a password in the store's address is refused, and not repeated", () => {
  for (const url of ["redis://:secret@b:6379", "redis://ann:secret@b", "postgres://ann:secret@b"]) {
    expect(problemsOf("--store", url)).not.toMatch(/^none$|secret/);
  }
});
