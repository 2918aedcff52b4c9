import { expect, test } from "vitest";
import { parseSteps } from "../../router/rollout/steps-text.ts";
import { connectionFlags } from "./connection.ts";
import { findVerb } from "../verbs/find-verb.ts";
import { generalFlags } from "./general-flags.ts";
import { rolloutHelp } from "./help.ts";
import { readArguments } from "../arguments/read-arguments.ts";
import { verbs } from "./verbs.ts";

/** As a shell would read it, near enough: quotes keep words together. */
function shellWords(line: string): readonly string[] {
  return [...line.matchAll(/(?:"([^"]*)"|[^\s"]+)/g)].map(([whole, quoted]) => quoted ?? whole);
}

test("help lists every verb, and begins with a whole rollout", () => {
  const help = rolloutHelp();
  for (const { name, summary } of verbs)
    expect(help).toMatch(new RegExp(`${name} +${summary.slice(0, 20)}`));
  expect(help).toContain('crossfade rollout set steps "1% 10m, 5% 30m, 25% pause, 100%"');
});

test.each(verbs.map((verb) => [verb.name, verb] as const))(
  "help of %s has its options, and examples that it understands",
  (name, verb) => {
    const help = rolloutHelp([...name.split(" "), "--help"]);
    for (const flag of verb.flags) expect(help).toContain(flag.name);
    expect(help).toContain("--admin HOST:PORT");
    expect(verb.examples.length).toBeGreaterThan(0);
    const prose = help.split("\n").filter((line) => !line.startsWith("  crossfade"));
    expect(Math.max(...prose.map(({ length }) => length))).toBeLessThanOrEqual(100);
    for (const { command } of verb.examples) {
      const found = findVerb(verbs, shellWords(command.split(" > ")[0]!));
      const all = [...found.verb.flags, ...generalFlags, ...connectionFlags];
      expect(readArguments(found.args, all).words.length).toBeLessThanOrEqual(2);
    }
  },
);

test("the steps of the first example are steps", () => {
  expect(parseSteps("1% 10m, 5% 30m, 25% pause, 100%")).toHaveLength(4);
});

test("help of half a verb is that of all, and what is no verb has none", () => {
  expect(rolloutHelp(["set", "--help"])).toBe(rolloutHelp());
  expect(() => rolloutHelp(["dance", "--help"])).toThrow('there is no verb "dance"');
  expect(() => rolloutHelp(["set", "wieght"])).toThrow("did you mean set weight?");
});

test.each([
  ["promot", 'there is no verb "promot"; did you mean promote?'],
  ["abrot toy", 'there is no verb "abrot"; did you mean abort?'],
  ["set wieght canary=1%", 'there is no verb "set wieght"; did you mean set weight?'],
  ["set", 'there is no verb "set"; there are set version, set weight, set steps, set kill-switch'],
  ["set canary=1%", "there are set version, set weight, set steps, set kill-switch"],
  ["dance", "there are get, list, history, status"],
  ["dance", /(?<!, set)$/],
])("%s", (line, message) => expect(() => findVerb(verbs, line.split(" "))).toThrow(message));
