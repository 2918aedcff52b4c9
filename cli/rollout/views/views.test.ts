import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import {
  GetHistoryResponse,
  GetRolloutResponse,
  ListRolloutsResponse,
  Phase,
  SimulateWeightsResponse,
  StoreState,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import type { Look } from "../output.ts";
import { colourless, styleFor } from "../../terminal/style.ts";
import { historyView } from "./history-view.ts";
import { listView } from "./list-view.ts";
import { roughPercent } from "./numbers.ts";
import { simulationView } from "./simulation-view.ts";
import { stateText } from "./state-text.ts";
import { statusView } from "./status-view.ts";
import { roughly } from "./times.ts";

const nowMs = Date.parse("2030-01-31T03:00:00Z");
const ago = (seconds: number) => new Date(nowMs - 1_000 * seconds);
const look: Look = { style: colourless, isWide: false, nowMs };
const lines = (...all: readonly string[]) => `${all.join("\n")}\n`;

const arms = [
  { name: "stable", version: "6", basisPoints: 9_500 },
  { name: "canary", version: "7-rc", basisPoints: 500 },
];
const changed = {
  auditId: "a7",
  verb: "advance",
  by: "router router-1",
  from: "host",
  reason: "step 2",
  time: ago(540),
};
const rollout = {
  model: "playlists",
  revision: 8,
  arms,
  phase: Phase.STEPPING,
  steps: [
    { basisPoints: 100, dwellMs: 600_000 },
    { basisPoints: 500, dwellMs: 1_800_000 },
    { basisPoints: 2_500, pause: true },
    { basisPoints: 10_000 },
  ],
  step: 1,
  since: ago(540),
  next: new Date(nowMs + 1_260_000),
  changed,
  distributionJson: JSON.stringify({
    arms: [
      {
        name: "stable",
        ranges: [
          [0, 9_000],
          [9_500, 10_000],
        ],
      },
      { name: "canary", ranges: [[9_000, 9_500]] },
    ],
  }),
};
const status = GetRolloutResponse.fromPartial({
  rollout,
  routers: [
    { router: "router-0:8500", revision: 8, applied: ago(540), silentMs: 1_000 },
    { router: "router-1:8500", revision: 7, applied: ago(7_300), silentMs: 4_000 },
  ],
  observed: [
    { arm: "stable", rows: 90_000, distinctUsers: 17_293 },
    { arm: "canary", rows: 5_000, distinctUsers: 941 },
  ],
  store: StoreState.OK,
});

test("the status of a rollout", () => {
  expect(statusView(status, look)).toBe(
    lines(
      "playlists   revision 8   at step 2 of 4 (500bp 30m), the next in 21m",
      "steps   100bp 10m, [500bp 30m], 2500bp pause, 10000bp",
      "",
      "ARM      VERSION   WEIGHT   USERS SEEN   SHARE",
      "stable   6         9500bp       17,293   94.8%",
      "canary   7-rc       500bp          941   5.16%",
      "",
      "ROUTER          REVISION   APPLIED   REPORTED",
      "router-0:8500          8   9m ago    1s ago",
      "router-1:8500          7   2h ago    4s ago     behind",
      "",
      "changed 9m ago by router router-1 from host: advance: step 2",
    ),
  );
});

test("at the last step, it is said that everybody gets the canary's version then", () => {
  const last = { ...rollout, steps: [{ basisPoints: 100, dwellMs: 600_000 }], step: 0 };
  const next = new Date(nowMs + 599_960);
  const { rollout: told } = GetRolloutResponse.fromPartial({ rollout: { ...last, next } });
  expect(stateText(told!, nowMs)).toBe(
    "at step 1 of 1 (100bp 10m), then everybody gets version 7-rc, in 10m",
  );
});

test("wide, it has buckets, contradictions and the audit id", () => {
  const wide = statusView(status, { ...look, isWide: true });
  expect(wide).toContain("0-8999 9500-9999");
  expect(wide).toContain("CONTRADICTIONS");
  expect(wide).toContain("audit id a7, 2030-01-31T02:51:00.000Z");
});

test("a silent router is shown, with what it had, whatever the clocks say", () => {
  const [first, second] = status.routers;
  const silent = { ...second!, reported: ago(-3_600), silentMs: 45_000, isSilent: true };
  expect(statusView({ ...status, routers: [first!, silent] }, look)).toContain(
    "router-1:8500          7   2h ago    45s ago    silent for 45s, last at revision 7\n",
  );
});

test.each([
  [["films"], "hold of films: no change of that until `crossfade rollout adopt films`"],
  [["films", "songs"], "of films, songs: no change of that until `crossfade rollout adopt --all`"],
])("the list names the models that the store lost: %s", (lost, says) => {
  const store = StoreState.BEHIND;
  const list = ListRolloutsResponse.fromPartial({ rollouts: [rollout], store, lost });
  expect(listView(list, look)).toContain(says);
});

test("lists and shadows are not forgotten", () => {
  const distributionJson = JSON.stringify({
    arms: [],
    users: { ann: "canary", bob: "stable" },
    shadow: { arm: "canary", basisPoints: 100, maxConcurrent: 4 },
  });
  const text = statusView({ ...status, rollout: { ...status.rollout!, distributionJson } }, look);
  expect(text).toContain("lists   2 users have arms by name\n");
  expect(text).toContain("shadow  100bp of the other arms' queries are copied to canary\n");
});

test("what is wrong is said", () => {
  const text = statusView(
    {
      ...status,
      rollout: { ...status.rollout!, killSwitch: "stable", phase: Phase.ABORTED, steps: [] },
      store: StoreState.BEHIND,
      routers: [
        {
          ...status.routers[0]!,
          contradictions: 3,
          lowered: { arm: "canary", basisPoints: 0, until: ago(-60), by: "ann", reason: "burns" },
        },
      ],
    },
    look,
  );
  expect(text).toContain("KILL SWITCH: everybody goes to stable, whatever the weights are");
  expect(text).toContain("aborted 9m ago");
  expect(text).toContain(
    "the store lost what routers hold of playlists: no change of that until `crossfade rollout adopt playlists`",
  );
  expect(text).toContain("3 queries went to another arm");
  expect(text).toContain("canary lowered to 0bp until 2030-01-31T03:01:00.000Z by ann: burns");
});

test("shares that differ from their weights are said to, unless something moves users on purpose", () => {
  const far = {
    ...status,
    observed: [
      { arm: "stable", rows: 1, distinctUsers: 5_000 },
      { arm: "canary", rows: 1, distinctUsers: 5_000 },
    ],
  };
  expect(statusView(far, look)).toContain("differs from its weight");
  const killed = { ...far, rollout: { ...far.rollout!, killSwitch: "canary" } };
  expect(statusView(killed, look)).not.toContain("differs");
  const few = { ...far, observed: [{ arm: "stable", rows: 1, distinctUsers: 9 }] };
  expect(statusView(few, look)).toContain("too few to judge");
});

test("colours do not move columns", () => {
  const style = styleFor(true, {});
  const painted = statusView(status, { ...look, style });
  expect(painted).not.toBe(statusView(status, look));
  expect(stripVTControlCharacters(painted)).toBe(statusView(status, look));
});

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: "1" }, false],
  [true, { NO_COLOR: "" }, true],
  [true, { TERM: "dumb" }, false],
])("colours when watched %s with %j: %s", (isWatched, env, isColoured) => {
  expect(styleFor(isWatched, env).bold("x") !== "x").toBe(isColoured);
});

test("the list of rollouts", () => {
  const list = ListRolloutsResponse.fromPartial({
    rollouts: [
      rollout,
      { model: "films", revision: 1, arms: arms.slice(0, 1), phase: Phase.STEADY, changed },
    ],
    store: StoreState.OK,
  });
  expect(listView(list, look).split("\n")).toEqual([
    "MODEL       REVISION   STATE                                         ARMS                                 CHANGED",
    "playlists          8   at step 2 of 4 (500bp 30m), the next in 21m   stable 6 9500bp, canary 7-rc 500bp   9m ago",
    "films              1   steady, by hand                               stable 6 9500bp                      9m ago",
    "",
  ]);
  expect(listView(ListRolloutsResponse.fromPartial({ store: StoreState.OK }), look)).toContain(
    "no model has a rollout",
  );
});

test("what the store keeps and nobody can read is named, in lists and alone", () => {
  const why = "the rollout of toy in the store is damaged: it is not JSON";
  const unreadable = [{ model: "toy", why }];
  const list = ListRolloutsResponse.fromPartial({
    rollouts: [rollout],
    store: StoreState.OK,
    unreadable,
  });
  expect(listView(list, look)).toContain(`toy cannot be read: ${why}`);
  const alone = { ...status, store: StoreState.DOWN, unreadable: why };
  expect(statusView(alone, look)).toContain(`${why}; this is what one router holds`);
  expect(statusView(alone, look)).not.toContain("cannot be reached");
});

test("the history, and that it was altered", () => {
  const history = GetHistoryResponse.fromPartial({
    entries: [
      {
        oldRevision: 8,
        rollout: { ...rollout, changed: { ...changed, verb: "lower" } },
        hash: "f".repeat(64),
      },
      { oldRevision: 7, rollout: { ...rollout, killSwitch: "stable" }, hash: "e".repeat(64) },
    ],
    intact: false,
    problems: ["the hash of revision 7 is another one"],
  });
  const killed = "stable 6 9500bp, canary 7-rc 500bp; everybody to stable by kill switch";
  expect(historyView(history, look).split("\n")).toEqual([
    `REVISION   WHEN     BY                WHAT      ${"ARMS".padEnd(killed.length)}   REASON`,
    `       8   9m ago   router router-1   lower     ${"stable 6 9500bp, canary 7-rc 500bp".padEnd(killed.length)}   step 2`,
    `  7 -> 8   9m ago   router router-1   advance   ${killed}   step 2`,
    "THE HISTORY WAS ALTERED: the hash of revision 7 is another one",
    "",
  ]);
  expect(historyView(history, { ...look, isWide: true })).toContain("ffffffffffff");
});

test("a simulation", () => {
  const simulated = SimulateWeightsResponse.fromPartial({
    moves: [{ from: "stable", to: "canary", buckets: 500, users: 1_234.4 }],
    loads: [
      {
        arm: "stable",
        version: "6",
        rowsPerSecond: 900,
        rowsPerSecondAfter: 850,
        costMs: 0.5,
        busy: 0.45,
        busyAfter: 0.425,
      },
      {
        arm: "canary",
        version: "7",
        rowsPerSecond: 50,
        rowsPerSecondAfter: 100,
        costMs: Infinity,
        busy: Infinity,
        busyAfter: Infinity,
      },
    ],
  });
  const text = simulationView(simulated, look);
  expect(text).toContain("stable   canary       500bp 5%         about 1,234");
  expect(text).toContain(
    "canary   7             50     100   nothing holds it               -       -",
  );
  expect(simulationView(SimulateWeightsResponse.fromPartial({}), look)).toContain(
    "no user would move",
  );
});

test.each([
  [0, "0%"],
  [1.76e-7, "<0.1%"],
  [0.001, "0.1%"],
  [0.425, "42.5%"],
  [0.99999, "100%"],
  [2.5, "250%"],
  [12.345, "1,234.5%"],
  [NaN, "-"],
])("a backend that is busy %s of its time is shown as %s", (share, text) => {
  expect(roughPercent(share)).toBe(text);
});

test.each([
  [-5, "0s"],
  [900, "1s"],
  [59_000, "59s"],
  [119_000, "119s"],
  [120_000, "2m"],
  [599_900, "10m"],
  [7_199_000, "120m"],
  [7_200_000, "2h"],
  [172_800_000, "2d"],
])("%i ms are roughly %s", (ms, text) => expect(roughly(ms)).toBe(text));
