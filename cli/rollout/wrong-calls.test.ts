import { expect, test } from "vitest";
import { openScene } from "./cli.fixture.ts";

type Lines = readonly (readonly [line: string, message: string])[];

const calledWrongly: Lines = [
  ["", "crossfade rollout VERB [options] [MODEL]"],
  ["promot", "did you mean promote?\n`crossfade rollout --help` has examples."],
  ["set weight canary=5 toy -m x", 'the weight of canary is "5"; it must be 5% or 5bp: say which'],
  ["set weight canary=101% toy -m x", 'the weight of canary is "101%"; it must be from 0bp to'],
  ["set weight canary=-1bp toy -m x", 'the weight of canary is "-1bp"'],
  ["set weight canari=1% toy -m x", "canari: there is no such arm; there are stable, canary"],
  ["set weight toy -m x", "say which weight, e.g. canary=250bp"],
  ["set weight canary=1% toy", 'say why: --reason "…"'],
  ["set weight canary=1% toy -m _", 'say why: --reason "…"'],
  ["set weight canary=1% toy --raeson x", "did you mean --reason?"],
  ["set weight canary=1% toy films -m x", "one model at a time: got toy, films"],
  [
    "set weight canary=1% toy -m x --expect-rev seven",
    '--expect-rev is "seven"; it must be a revision',
  ],
  ["set weight canary=1% toy -m x --wait=soon", '--wait is "soon"; it must be a time like'],
  ["set version canary -m x", "say which arm gets which version, one at a time, e.g. canary=7"],
  ["set version a=1 b=2 -m x", "say which arm gets which version, one at a time"],
  ["set version blue=1 toy -m x", "version 1 is already that of stable"],
  ["set steps toy -m x", 'say which steps, e.g. "100bp 10m, 500bp pause"'],
  ["set steps 5_10m,_1%_pause toy -m x", 'step 1: the weight is "5"'],
  ["set kill-switch -m x", "say which arm gets everybody, or off"],
  ["set kill-switch canari toy -m x", "there is no arm canari to send everybody to"],
  ["undo --to-revision 0 -m x", '--to-revision is "0"; it must be a revision'],
  ["apply -m x", "say which file: -f FILE"],
  ["apply -f gone -m x", "cannot read gone: ENOENT"],
  ["explain toy", "say who: --user ID"],
  ["simulate toy", "say which weight"],
  ["history --limit 501", '--limit is "501"; it must be a whole number from 1 to 500'],
  ["list toy", "list takes no model; `get toy` shows one"],
  [
    "get -o jsn",
    '--output is "jsn"; it must be one of table, wide, json, yaml; did you mean json?',
  ],
  ["get --timeout 0s", '--timeout is "0s"; it must be a time like'],
  ["break-glass toy -m x", "say how low, e.g. canary=0bp"],
  ["break-glass stable=0bp toy -m x", "stable"],
  ["break-glass canary=20% toy -m x", "canary has 1000bp; it can only be lowered"],
  [
    "break-glass canary=0bp toy -m x --for 25h",
    "ttl_ms is 90000000; it must be from 1 to 86400000",
  ],
];

test("called wrongly, it says what is wrong, does nothing and exits with 2", async () => {
  await using scene = await openScene();
  for (const [line, message] of calledWrongly)
    expect([line, await scene.run(line)]).toEqual([
      line,
      { code: 2, printed: "", complained: expect.stringContaining(message) },
    ]);
  expect(scene.admin.control.rollout("toy")!.distribution.revision).toBe(1);
});

const notNow: Lines = [
  ["promote toy -m x", "FAILED_PRECONDITION: cannot promote toy: it is steady"],
  ["set version canary=9 toy -m x", "the version of canary cannot change: 1000bp of the users"],
  ["adopt toy -m x", "nothing to adopt for toy"],
  ["undo toy -m x", "FAILED_PRECONDITION"],
  ["get films", 'NOT_FOUND: no rollout of "films"'],
  ["get --admin 127.0.0.1:1", "--admin or CROSSFADE_ADMIN says where a router's admin API is."],
];

test("what cannot be done as things stand exits with 1, and says what to do", async () => {
  await using scene = await openScene();
  for (const [line, message] of notNow)
    expect([line, await scene.run(line)]).toEqual([
      line,
      { code: 1, printed: "", complained: expect.stringContaining(message) },
    ]);
});
