import { expect, test } from "vitest";
import type { HeldVersion } from "../../proto/held-versions.ts";
import { createVersionsInUse } from "./versions-in-use.ts";

const named = (name: string): HeldVersion => {
  const [model = "", version = ""] = name.split("/");
  return { model, version };
};

function open({ keepUsedMs = 1_000, ownArms = [] as string[] } = {}) {
  const disk = ["music/1", "music/2", "films/1"];
  const asked = new Map(disk.map((name) => [name, -Infinity]));
  let nowMs = 5_000;
  const inUse = createVersionsInUse({
    keepUsedMs,
    loaded: () => Array.from(asked, ([name, askedMs]) => ({ ...named(name), askedMs })),
    ownArms: () => ownArms.map(named),
    isOnDisk: ({ model, version }) => disk.includes(`${model}/${version}`),
    nowMs: () => nowMs,
  });
  return {
    hold: (...names: string[]) => inUse.hold(names.map(named)),
    ask: (name: string) => asked.set(name, nowMs),
    pass: (ms: number) => (nowMs += ms),
    music: () => [...inUse.of("music")],
  };
}

test("what nobody asks for, holds or routes to is not in use", () => {
  expect(open().music()).toEqual([]);
});

test("a version is in use for so long after a call named it", () => {
  const { ask, pass, music } = open();
  ask("music/1");
  pass(999);
  expect(music()).toEqual(["1"]);
  pass(1);
  expect(music()).toEqual([]);
});

test("a version that a router's arm has is in use without calls, until the router has been silent for so long", () => {
  const { hold, pass, music } = open();
  for (let i = 0; i < 10; i += 1) {
    hold("music/2", "films/1");
    expect(music()).toEqual(["2"]);
    pass(900);
  }
  pass(100);
  expect(music()).toEqual([]);
});

test("what is not on disk is not held, also when it comes later", () => {
  const { hold, music } = open();
  hold("music/9", "nothing/1");
  expect(music()).toEqual([]);
});

test("the arms of this process have their versions for as long as they stand", () => {
  const { pass, music } = open({ ownArms: ["music/1", "films/1"] });
  pass(1_000_000);
  expect(music()).toEqual(["1"]);
});

test("turned off, only own arms count", () => {
  const { hold, ask, music } = open({ keepUsedMs: 0, ownArms: ["music/2"] });
  hold("music/1");
  ask("music/1");
  expect(music()).toEqual(["2"]);
});
