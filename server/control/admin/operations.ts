import {
  ChangeRolloutRequest,
  ChangeRolloutResponse,
  ExplainUserRequest,
  ExplainUserResponse,
  ForgetRouterRequest,
  ForgetRouterResponse,
  GetHistoryRequest,
  GetHistoryResponse,
  GetRolloutRequest,
  GetRolloutResponse,
  ListRolloutsRequest,
  ListRolloutsResponse,
  LowerArmRequest,
  LowerArmResponse,
  type Rollout,
  SimulateWeightsRequest,
  SimulateWeightsResponse,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import type { Control } from "../control.ts";
import type { AuditNotes } from "./audit-notes.ts";
import type { Caller } from "./authenticate.ts";
import { explainUser } from "./explain-user.ts";
import { forgetRouter } from "./forget-router.ts";
import { listRollouts } from "./list-rollouts.ts";
import { lowerArm } from "./lower-arm.ts";
import { makeChange } from "./make-change.ts";
import { roleForChange, verbOf } from "./read-change.ts";
import type { Role } from "./role.ts";
import { rolloutHistory } from "./rollout-history.ts";
import { rolloutStatus } from "./rollout-status.ts";
import { simulateWeights } from "./simulate-weights.ts";
import type { Log } from "../../log/log.ts";

interface Codec<Message> {
  decode(bytes: Uint8Array): Message;
  encode(message: Message): { finish(): Uint8Array };
}

/** A call of the admin API that has one answer, however it is asked. */
export interface Operation<Request, Reply> {
  /** Of the RPC. */
  readonly name: string;
  readonly request: Codec<Request>;
  readonly reply: Codec<Reply>;
  /** Who may. */
  role(request: Request): Role;
  /** What he may not otherwise, in words; default: the name. */
  what?(request: Request): string;
  /** What he may do instead, if there is something. */
  instead?(request: Request): string | undefined;
  run(request: Request, caller: Caller): Promise<Reply>;
  /** Bytes that were parsed, verified and written for a reply, where they may be many. */
  work?(reply: Reply): number;
}

export interface OperationParts {
  readonly control: Control;
  readonly notes: AuditNotes;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

const viewer = () => "viewer" as const;
const operator = () => "operator" as const;

export type Operations = ReturnType<typeof createOperations>;

export function createOperations(parts: OperationParts) {
  const { control } = parts;
  return {
    getRollout: operation({
      name: "GetRollout",
      request: GetRolloutRequest,
      reply: GetRolloutResponse,
      role: viewer,
      run: ({ model }) => rolloutStatus(control, model),
    }),
    listRollouts: operation({
      name: "ListRollouts",
      request: ListRolloutsRequest,
      reply: ListRolloutsResponse,
      role: viewer,
      run: () => listRollouts(control),
    }),
    getHistory: operation({
      name: "GetHistory",
      request: GetHistoryRequest,
      reply: GetHistoryResponse,
      role: viewer,
      run: (request) => rolloutHistory(control, request),
      work: ({ entries }) => entries.reduce((sum, { rollout }) => sum + sizeOf(rollout), 0),
    }),
    changeRollout: operation({
      name: "ChangeRollout",
      request: ChangeRolloutRequest,
      reply: ChangeRolloutResponse,
      role: roleForChange,
      what: verbOf,
      instead: ({ dryRun }) =>
        dryRun ? "a viewer can ask `crossfade rollout simulate` what weights would do" : undefined,
      run: (request, caller) => makeChange(request, caller, parts),
    }),
    explainUser: operation({
      name: "ExplainUser",
      request: ExplainUserRequest,
      reply: ExplainUserResponse,
      role: viewer,
      run: async (request) => explainUser(control, request),
    }),
    simulateWeights: operation({
      name: "SimulateWeights",
      request: SimulateWeightsRequest,
      reply: SimulateWeightsResponse,
      role: viewer,
      run: (request) => simulateWeights(control, request),
    }),
    ...ofSingleRouters(parts),
  };
}

/** What is about one router, and no rollout. */
function ofSingleRouters(parts: OperationParts) {
  const { nowMs } = parts;
  return {
    lowerArm: operation({
      name: "LowerArm",
      request: LowerArmRequest,
      reply: LowerArmResponse,
      role: operator,
      what: () => "break-glass",
      run: (request, caller) => lowerArm(request, caller, { ...parts, nowMs: nowMs() }),
    }),
    forgetRouter: operation({
      name: "ForgetRouter",
      request: ForgetRouterRequest,
      reply: ForgetRouterResponse,
      role: operator,
      run: (request, caller) => forgetRouter(request, caller, parts),
    }),
  };
}

function sizeOf(rollout: Rollout | undefined): number {
  return rollout?.distributionJson.length ?? 0;
}

function operation<Request, Reply>(one: Operation<Request, Reply>): Operation<Request, Reply> {
  return one;
}
