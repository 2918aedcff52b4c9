import { assert, integer, property, record, uniqueArray } from "fast-check";
import { expect, test } from "vitest";
import { planVersions, type VersionOnDisk } from "./plan-versions.ts";

/** "7" is a version as it was first written, "7'" the same one written anew. */
const at = (...names: string[]): VersionOnDisk[] =>
  names.map((name) => ({ version: name.replace("'", ""), fingerprint: name }));

interface Given {
  readonly disk: string[];
  readonly loaded?: string[];
  readonly failed?: string[];
  readonly keep?: number;
  readonly inUse?: string[];
}

const plan = (given: Given) => {
  const { disk, loaded = [], failed = [], keep = 2, inUse = [] } = given;
  const onDisk = at(...disk);
  const { load, unload } = planVersions({
    onDisk,
    loaded: at(...loaded),
    failed: at(...failed),
    keep,
    inUse: new Set(inUse),
  });
  return { load: load.map(({ fingerprint }) => fingerprint), unload };
};

test("the newest ones, the newest first", () => {
  expect(plan({ disk: ["8", "10", "9"] })).toEqual({ load: ["10", "9"], unload: [] });
});

test.each([
  ["numbers", ["9", "10", "100"], ["100", "10"]],
  ["semantic versions", ["v1.9.0", "v1.10.0", "v1.2.11"], ["v1.10.0", "v1.9.0"]],
  ["dates", ["2025-01-31", "2024-12-01", "2025-02-01"], ["2025-02-01", "2025-01-31"]],
])("%s have their natural order", (_, disk, load) => {
  expect(plan({ disk }).load).toEqual(load);
});

test("an old version goes only once its successor is loaded", () => {
  expect(plan({ disk: ["1", "2", "3"], loaded: ["1", "2"] })).toEqual({ load: ["3"], unload: [] });
  expect(plan({ disk: ["1", "2", "3"], loaded: ["1", "2", "3"] })).toEqual({
    load: [],
    unload: ["1"],
  });
});

test("the last good ones stay when a new one fails", () => {
  expect(plan({ disk: ["1", "2", "3"], loaded: ["1", "2"], failed: ["3"] })).toEqual({
    load: [],
    unload: [],
  });
});

test("older ones stand in for those that fail from the start", () => {
  expect(plan({ disk: ["1", "2", "3", "4"], failed: ["4", "3"] }).load).toEqual(["2", "1"]);
});

test("a failed version is tried again when its folder was replaced", () => {
  expect(plan({ disk: ["1", "2'"], loaded: ["1"], failed: ["2"] }).load).toEqual(["2'"]);
});

test("a loaded version is loaded anew when its folder was replaced, and stays when that fails", () => {
  expect(plan({ disk: ["1'"], loaded: ["1"] })).toEqual({ load: ["1'"], unload: [] });
  expect(plan({ disk: ["1'"], loaded: ["1"], failed: ["1'"] })).toEqual({ load: [], unload: [] });
});

test("what left the disk goes, also while others load", () => {
  expect(plan({ disk: ["2"], loaded: ["1"] })).toEqual({ load: ["2"], unload: ["1"] });
  expect(plan({ disk: [], loaded: ["1", "2"] })).toEqual({ load: [], unload: ["1", "2"] });
});

test("a version in use stays, however many come", () => {
  const disk = ["1", "2", "3", "4"];
  expect(plan({ disk, loaded: disk, inUse: ["1"] })).toEqual({ load: [], unload: ["2"] });
  expect(plan({ disk, loaded: disk, keep: 1, inUse: ["1", "2"] }).unload).toEqual(["3"]);
});

test("a version in use is loaded first, and only when it is there", () => {
  expect(plan({ disk: ["1", "2", "3"], inUse: ["1", "7"] }).load).toEqual(["1", "3", "2"]);
});

test("what is in use and cannot be loaded is not tried for ever", () => {
  expect(plan({ disk: ["1", "2", "3"], failed: ["1"], inUse: ["1"] }).load).toEqual(["3", "2"]);
});

test("what left the disk goes though it is in use", () => {
  expect(plan({ disk: ["2"], loaded: ["1", "2"], inUse: ["1"] }).unload).toEqual(["1"]);
});

test("whatever fails: it ends, with the newest loadable versions, each tried once", () => {
  const versions = uniqueArray(integer({ min: 1, max: 12 }), { maxLength: 8 });
  const worlds = record({
    disk: versions,
    broken: versions,
    old: versions,
    used: versions,
    keep: integer({ min: 1, max: 3 }),
  });
  assert(
    property(worlds, ({ disk, broken, old, used, keep }) => {
      const inUse = new Set(used.map(String));
      const onDisk = at(...disk.map(String));
      let loaded = at(...old.map(String));
      let failed: VersionOnDisk[] = [];
      for (let tries = 0; ; tries += 1) {
        expect(tries).toBeLessThanOrEqual(disk.length);
        const { load, unload } = planVersions({ onDisk, loaded, failed, keep, inUse });
        loaded = loaded.filter(({ version }) => !unload.includes(version));
        const [next] = load;
        if (next === undefined) break;
        if (broken.includes(Number(next.version))) failed = [...failed, next];
        else loaded = [...loaded, next];
      }
      const loadable = disk.filter((one) => !broken.includes(one) || old.includes(one));
      const newest = loadable
        .toSorted((a, b) => b - a)
        .filter((one, i) => i < keep || used.includes(one));
      expect(loaded.map(({ version }) => Number(version)).toSorted((a, b) => b - a)).toEqual(
        newest,
      );
    }),
  );
});
