import {
  Phase,
  StoreState,
  type Arm,
  type Change,
  type ChangeRolloutResponse,
  type ExplainUserResponse,
  type ForgetRouterResponse,
  type GetHistoryResponse,
  type GetRolloutResponse,
  type HistoryEntry,
  type ListRolloutsResponse,
  type Load,
  type LoweredArm,
  type LowerArmResponse,
  type Move,
  type ObservedArm,
  type Rollout,
  type RouterState,
  type SimulateWeightsResponse,
  type Step,
  type UnreadableRollout,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { anyObject } from "../../http/json/any-json.ts";
import {
  choice,
  double,
  flag,
  int32,
  int64,
  list,
  message,
  text,
  time,
  type Writable,
} from "../../http/json/writable.ts";

/** The replies of the admin API in JSON, as proto3 maps them; but a distribution is an object, and no text. */

const arm = message<Arm>("Arm", { name: text, version: text, basisPoints: int32, isUnheld: flag });
const step = message<Step>("Step", { basisPoints: int32, dwellMs: int64, pause: flag });
const change = message<Change>(
  "Change",
  { auditId: text, verb: text, by: text, from: text, reason: text, time },
  ["time"],
);

const phase = choice(namesOf(Phase, "PHASE"));
const storeState = choice(namesOf(StoreState, "STORE_STATE"));

function namesOf<Value extends number>(values: Readonly<Record<string, Value>>, prefix: string) {
  return new Map(Object.entries(values).map(([name, value]) => [value, `${prefix}_${name}`]));
}

type Told = Omit<Rollout, "distributionJson"> & { readonly distribution: string };

const told = message<Told>(
  "Rollout",
  {
    model: text,
    revision: int64,
    arms: list(arm),
    killSwitch: text,
    phase,
    steps: list(step),
    step: int32,
    since: time,
    next: time,
    changed: change,
    distribution: anyObject,
    standsStill: text,
  },
  ["since", "next", "changed"],
);

const rollout: Writable<Rollout> = {
  schema: told.schema,
  write: ({ distributionJson: distribution, ...rest }, ids) =>
    told.write({ ...rest, distribution }, ids),
};

const lowered = message<LoweredArm>(
  "LoweredArm",
  { arm: text, basisPoints: int32, until: time, by: text, reason: text },
  ["until"],
);

const router = message<RouterState>(
  "RouterState",
  {
    router: text,
    revision: int64,
    applied: time,
    reported: time,
    contradictions: int64,
    lowered,
    silentMs: int64,
    isSilent: flag,
  },
  ["applied", "reported", "lowered"],
);

const observed = message<ObservedArm>("ObservedArm", {
  arm: text,
  rows: int64,
  distinctUsers: double,
});

export const statusReply = message<GetRolloutResponse>(
  "RolloutStatus",
  { rollout, routers: list(router), observed: list(observed), store: storeState, unreadable: text },
  ["rollout"],
);

const unreadable = message<UnreadableRollout>("UnreadableRollout", { model: text, why: text });

export const listReply = message<ListRolloutsResponse>("Rollouts", {
  rollouts: list(rollout),
  store: storeState,
  lost: list(text),
  unreadable: list(unreadable),
});

const entry = message<HistoryEntry>("HistoryEntry", { oldRevision: int64, rollout, hash: text }, [
  "rollout",
]);

export const historyReply = message<GetHistoryResponse>("History", {
  entries: list(entry),
  intact: flag,
  problems: list(text),
  isCut: flag,
});

export const changeReply = message<ChangeRolloutResponse>(
  "ChangedRollout",
  {
    oldRevision: int64,
    newRevision: int64,
    auditId: text,
    rollout,
    movedBasisPoints: int32,
    isRepeat: flag,
    heldRevision: int64,
    earlierRevision: int64,
    warnings: list(text),
  },
  ["rollout"],
);

export const explainReply = message<ExplainUserResponse>("Explanation", {
  arm: text,
  version: text,
  reason: text,
  bucket: int32,
  revision: int64,
  explanation: text,
});

const move = message<Move>("Move", { from: text, to: text, buckets: int32, users: double });
const load = message<Load>("Load", {
  arm: text,
  version: text,
  rowsPerSecond: double,
  rowsPerSecondAfter: double,
  costMs: double,
  busy: double,
  busyAfter: double,
});

export const simulateReply = message<SimulateWeightsResponse>("Simulation", {
  moves: list(move),
  loads: list(load),
});

export const lowerReply = message<LowerArmResponse>(
  "LowerArmResponse",
  { router: text, lowered, auditId: text, isNoted: flag },
  ["lowered"],
);

export const forgetReply = message<ForgetRouterResponse>("ForgetRouterResponse", {
  router: text,
  silentMs: int64,
  auditId: text,
});
