import { expect, test } from "vitest";
import { ListModelsResponse } from "../../proto/gen/crossfade/v1/recommender.ts";
import type { Distribution } from "../../router/distribution.ts";
import { markDefaults } from "./mark-defaults.ts";

const listed = ListModelsResponse.fromPartial({
  models: [
    { model: "films", version: "7", isDefault: true },
    { model: "music", version: "3", isDefault: true },
    { model: "music", version: "2" },
    { model: "music", version: "1" },
  ],
}).models;

const music: Distribution = {
  format: 1,
  model: "music",
  revision: 1,
  salt: "s",
  arms: [
    { name: "stable", version: "1", weight: 10_000, ranges: [[0, 10_000]] },
    { name: "canary", version: "2", weight: 0, ranges: [] },
  ],
};

const defaults = (document?: Distribution) =>
  markDefaults(listed, { current: (model) => (model === "music" ? document : undefined) })
    .filter(({ isDefault }) => isDefault)
    .map(({ model, version }) => `${model} ${version}`);

test("where there are arms, the default is the stable one's; elsewhere what the servers say", () => {
  expect(defaults(music)).toEqual(["films 7", "music 1"]);
  expect(defaults()).toEqual(["films 7", "music 3"]);
  expect(markDefaults(listed, undefined)).toEqual(listed);
});

test("where only one arm is open, the default is its version", () => {
  expect(defaults({ ...music, killSwitch: "canary" })).toEqual(["films 7", "music 2"]);
});

test("a version that no server lists is nobody's default", () => {
  const [stable, canary] = music.arms;
  expect(defaults({ ...music, arms: [{ ...stable!, version: "9" }, canary!] })).toEqual([
    "films 7",
  ]);
});
