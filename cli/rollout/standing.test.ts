import { expect, test } from "vitest";
import {
  GetRolloutResponse,
  Phase,
  StoreState,
} from "../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { progressOf } from "./router-progress.ts";
import { standingOf, standings } from "./standing.ts";

/** Whatever the clock here says of it. */
const reported = new Date(0);
const silentMs = 4_000;

function statusOf(changes: Parameters<typeof GetRolloutResponse.fromPartial>[0] = {}) {
  return GetRolloutResponse.fromPartial({
    rollout: { model: "toy", revision: 7, phase: Phase.STEADY },
    routers: [
      { router: "one", revision: 7, reported, silentMs },
      { router: "two", revision: 7, reported, silentMs },
    ],
    store: StoreState.OK,
    ...changes,
  });
}

const inPhase = (phase: Phase, killSwitch = "") =>
  statusOf({ rollout: { revision: 7, phase, killSwitch } });
const withRouter = (router: object) =>
  statusOf({ routers: [{ router: "one", revision: 7, reported, silentMs, ...router }] });

const held = { name: "stable", version: "1", basisPoints: 9_900 };
const lacking = { name: "canary", version: "99", basisPoints: 100, isUnheld: true };
const withArms = (arms: readonly object[], killSwitch = "") =>
  statusOf({ rollout: { revision: 7, phase: Phase.STEADY, arms: [...arms], killSwitch } });

test.each([
  ["by hand", statusOf(), 0],
  ["promoted", inPhase(Phase.PROMOTED), 0],
  ["steps run", inPhase(Phase.STEPPING), 3],
  ["paused", inPhase(Phase.PAUSED), 4],
  ["aborted", inPhase(Phase.ABORTED), 5],
  ["a router behind", withRouter({ revision: 6 }), 6],
  ["a router ahead of what is shown", withRouter({ revision: 8 }), 0],
  ["a contradiction", withRouter({ contradictions: 1 }), 6],
  ["an arm lowered", withRouter({ lowered: { arm: "canary" } }), 9],
  ["an arm lowered where a router is behind", withRouter({ revision: 6, lowered: {} }), 6],
  ["a silent router", withRouter({ isSilent: true }), 6],
  ["a version that nobody holds", withArms([held, lacking]), 10],
  ["one without users", withArms([held, { ...lacking, basisPoints: 0 }]), 0],
  ["one that a kill switch keeps users from", withArms([held, lacking], "stable"), 8],
  ["one that a kill switch sends all to", withArms([held, lacking], "canary"), 10],
  ["no router", statusOf({ routers: [] }), 6],
  ["the store down", statusOf({ store: StoreState.DOWN }), 7],
  ["the store behind", statusOf({ store: StoreState.BEHIND }), 7],
  ["the kill switch", inPhase(Phase.STEADY, "stable"), 8],
  ["the kill switch, in an aborted rollout", inPhase(Phase.ABORTED, "stable"), 8],
])("%s", (_, status, code) => expect(standings[standingOf(status)]).toBe(code));

test("every standing has a code of its own, and none is that of a failure", () => {
  const codes = Object.values(standings);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes).not.toContain(1);
  expect(codes).not.toContain(2);
});

test("who is missing is named, with what is missing", () => {
  const status = statusOf({
    routers: [
      { router: "one", revision: 7, reported, silentMs },
      { router: "two", revision: 6, reported, silentMs },
      { router: "three", revision: 7, reported, silentMs, contradictions: 2 },
      { router: "four", revision: 7, reported, silentMs: 45_000, isSilent: true },
    ],
  });
  expect(progressOf(status, 7)).toEqual({
    isThere: false,
    missing: [
      "two has revision 6, not 7 (it reported 4s ago)",
      "three sent 2 queries to another arm than revision 7 says",
      "four is silent for 45s, last at revision 7",
    ],
  });
  expect(progressOf(statusOf(), 6)).toEqual({ isThere: true, missing: [] });
});
