import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Code, type ServingError } from "../proto/serving-error.ts";
import { distributionOf } from "./distributions.fixture.ts";
import { checkDistribution, parseDistribution } from "./parse-distribution.ts";

const good = distributionOf(
  { stable: 9_500, canary: 500 },
  {
    killSwitch: "stable",
    users: { u42: "canary" },
    shadow: { arm: "canary", basisPoints: 100, maxConcurrent: 4 },
  },
);

function problemsOf(value: unknown): readonly string[] {
  try {
    checkDistribution(value);
  } catch (error) {
    expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT });
    return (error as ServingError).message
      .split("\n")
      .slice(1)
      .map((line) => line.replace("  - ", ""));
  }
  return [];
}

function armsOf(...ranges: (readonly [number, number])[][]) {
  const arms = ranges.map((own, i) => ({
    name: `arm${i}`,
    version: `${i}`,
    weight: own.reduce((sum, [start, end]) => sum + end - start, 0),
    ranges: own,
  }));
  return { ...distributionOf({ stable: 10_000 }), arms };
}

test("reads what was written", () => {
  expect(parseDistribution(JSON.stringify(good))).toEqual(good);
  const plain = distributionOf({ stable: 9_500, canary: 500 });
  expect(parseDistribution(JSON.stringify(plain))).toEqual(plain);
  expect(checkDistribution({ ...good, users: {} })).toEqual({ ...good, users: {} });
});

test("reads the document of the README", () => {
  const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
  const [, json] = /```json\n(.*?)```/s.exec(readme)!;
  expect(parseDistribution(json!)).toMatchObject({ model: "playlists", revision: 7 });
});

describe("tells every problem with its path", () => {
  test("of fields", () => {
    const [stable, canary] = good.arms;
    const arms = [
      { ...stable, name: "-", weight: "9500" },
      { ...canary, version: 2, ranges: [[9_500], [5, 5], [0, 10_001], "x"], extra: 1 },
    ];
    expect(
      problemsOf({
        ...good,
        model: undefined,
        revision: -1,
        salt: "",
        arms,
        shadow: { arm: "canary" },
        Users: {},
      }),
    ).toEqual([
      "Users: is not known; known are format, model, revision, salt, arms, killSwitch, users, shadow",
      expect.stringMatching(/^model: must be 1 to 64 letters.*got nothing$/),
      "revision: must be a whole number from 0 to 9007199254740991, got -1",
      'salt: must be 1 to 64 printable ASCII characters, got ""',
      expect.stringMatching(/^arms\[0\]\.name: must be 1 to 64 letters.*got "-"$/),
      'arms[0].weight: must be a whole number from 0 to 10000, got "9500"',
      "arms[1].extra: is not known; known are name, version, weight, ranges",
      expect.stringMatching(/^arms\[1\]\.version: must be 1 to 64 letters.*got 2$/),
      "arms[1].ranges[0]: must be [start, end], start < end, got [9500, ]",
      "arms[1].ranges[1]: must be [start, end], start < end, got [5, 5]",
      "arms[1].ranges[2][1]: must be a whole number from 0 to 10000, got 10001",
      'arms[1].ranges[3]: must be a list of at most 2, got "x"',
      "shadow.basisPoints: must be a whole number from 0 to 10000, got nothing",
      "shadow.maxConcurrent: must be a whole number from 1 to 1000, got nothing",
    ]);
  });

  test("of weights and buckets", () => {
    const arms = armsOf(
      [[0, 9_000]],
      [
        [8_000, 9_500],
        [9_400, 9_600],
      ],
      [[9_700, 9_900]],
    );
    expect(problemsOf(arms)).toEqual([
      "arms: the weights sum to 10900; they must sum to 10000",
      "arms[1].ranges[0]: the buckets [8000, 9000) are also in arms[0].ranges[0]",
      "arms[1].ranges[1]: the buckets [9400, 9500) are also in arms[1].ranges[0]",
      "arms: no arm has the buckets [9600, 9700)",
      "arms: no arm has the buckets [9900, 10000)",
    ]);
    expect(problemsOf(armsOf([[0, 9_000]], [[10, 20]], [[9_000, 10_000]]))).toEqual([
      "arms: the weights sum to 10010; they must sum to 10000",
      "arms[1].ranges[0]: the buckets [10, 20) are also in arms[0].ranges[0]",
    ]);
    const [stable, canary] = good.arms;
    expect(problemsOf({ ...good, arms: [{ ...stable, weight: 9_501 }, canary] })).toEqual([
      "arms[0].weight: is 9501, but its ranges have 9500 buckets",
      "arms: the weights sum to 10001; they must sum to 10000",
    ]);
    expect(problemsOf(armsOf())).toEqual([
      "arms: the weights sum to 0; they must sum to 10000",
      "arms: no arm has the buckets [0, 10000)",
    ]);
  });

  test("of names", () => {
    const [stable, canary] = good.arms;
    const twice = { ...canary, name: "stable", version: "1" };
    expect(
      problemsOf({
        ...good,
        arms: [stable, twice],
        killSwitch: "x",
        users: { "a.b": "y", constructor: "constructor" },
        shadow: { ...good.shadow, arm: "z" },
      }),
    ).toEqual([
      "arms[1].name: stable is already that of arms[0]",
      "arms[1].version: 1 is already that of arms[0]",
      "users.a.b: there is no arm y; there are stable, stable",
      "users.constructor: there is no arm constructor; there are stable, stable",
      "killSwitch: there is no arm x; there are stable, stable",
      "shadow.arm: there is no arm z; there are stable, stable",
    ]);
  });

  test("of keys that appear twice", () => {
    const json = JSON.stringify(good).replace('"revision":1', '"revision":1,"revision":2');
    expect(() => parseDistribution(json, "toy.json")).toThrow(
      "toy.json has a problem:\n  - revision: appears twice",
    );
  });
});

describe("bounds what it reads", () => {
  test.each([
    [
      "too many arms",
      { ...good, arms: Array.from({ length: 17 }, () => good.arms[0]) },
      "arms: must be a list of at most 16",
    ],
    [
      "too many users",
      {
        ...good,
        users: Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [i, "canary"])),
      },
      "users: must be an object with 0 to 10000 entries",
    ],
    [
      "an endless user id",
      { ...good, users: { ["u".repeat(257)]: "canary" } },
      "must be a user id of 1 to 256 characters",
    ],
    ["a list", [], "the file: must be an object"],
  ])("%s", (_, value, problem) => {
    expect(problemsOf(value)).toEqual([expect.stringContaining(problem)]);
  });

  test.each([
    ["not JSON", "{", "is not JSON"],
    ["too large", " ".repeat(1024 * 1024 + 1), "it has 1048577 bytes; at most 1048576 are read"],
    [
      "nested without end",
      `{"model":${"[".repeat(400_000)}${"]".repeat(400_000)}}`,
      "got something nested",
    ],
  ])("%s", (_, json, problem) => {
    expect(() => parseDistribution(json)).toThrow(problem);
    expect(() => parseDistribution(json)).toThrow(
      expect.objectContaining({ code: Code.INVALID_ARGUMENT }),
    );
  });

  test("the list of problems", () => {
    const users = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`u${i}`, "nobody"]));
    const problems = problemsOf({ ...good, users });
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toBe("and 480 more");
  });
});
