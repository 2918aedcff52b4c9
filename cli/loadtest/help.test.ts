import { expect, test } from "vitest";
import { readArguments } from "../arguments/read-arguments.ts";
import { findVerb } from "../verbs/find-verb.ts";
import { runCli, words } from "./cli.fixture.ts";
import { loadtestHelp } from "./help.ts";
import { parseSlo } from "../../loadtest/verdict/parse-slo.ts";
import { verbs } from "./verbs.ts";

test("help lists every verb, and its slo.yaml is one", () => {
  const help = loadtestHelp();
  for (const { name, summary } of verbs)
    expect(help).toMatch(new RegExp(`${name} +${summary.slice(0, 20)}`));
  const yaml = help.split("\n").filter((line) => /^ {2}\S+: /.test(line));
  expect(parseSlo(yaml.map((line) => line.trim()).join("\n"), "slo.yaml")).toHaveProperty("slo");
});

test.each(verbs.map((verb) => [verb.name, verb] as const))(
  "help of %s has its options, and examples that it understands",
  (name, verb) => {
    const help = loadtestHelp([name, "--help"]);
    for (const flag of verb.flags) expect(help).toContain(flag.name);
    expect(verb.examples.length).toBeGreaterThan(0);
    const prose = help.split("\n").filter((line) => !line.startsWith("  crossfade"));
    expect(Math.max(...prose.slice(1).map(({ length }) => length))).toBeLessThanOrEqual(130);
    for (const { command } of verb.examples) {
      const found = findVerb(verbs, words(command));
      expect(readArguments(found.args, found.verb.flags).words.length).toBeLessThanOrEqual(1);
    }
    const names = verb.flags.map((flag) => flag.name);
    expect(new Set(names).size).toBe(names.length);
  },
);

test.each([
  ["scenario", "hot-swap"],
  ["autocannon", "mixed"],
])("%s without a name lists what there is", async (verb, one) => {
  const { code, printed } = await runCli([verb]);
  expect([code, printed]).toEqual([0, expect.stringContaining(one)]);
});
