import type {
  ExplainUserRequest,
  ForgetRouterRequest,
  LowerArmRequest,
  SimulateWeightsRequest,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { flag, int64, message, text } from "../../http/json/readable.ts";
import { describe } from "../../http/json/schema.ts";
import { points, weights } from "./json-changes.ts";

/** Without the model, which is in the path. */

export const explainBody = message<ExplainUserRequest>({
  title: "ExplainUserRequest",
  empty: () => ({ model: "", userId: "" }),
  fields: { userId: describe(text, "Empty: somebody without an id.") },
  required: ["userId"],
});

export const simulateBody = message<SimulateWeightsRequest>({
  title: "SimulateWeightsRequest",
  empty: () => ({ model: "", basisPoints: {} }),
  fields: { basisPoints: weights },
  required: ["basisPoints"],
});

export const lowerBody = message<LowerArmRequest>({
  title: "LowerArmRequest",
  empty: () => ({ model: "", arm: "", basisPoints: 0, ttlMs: 0, reason: "", dryRun: false }),
  fields: {
    arm: describe(text, "Not the stable one."),
    basisPoints: describe(points, "At most that; 10,000 ends it."),
    ttlMs: describe(int64, "At most a day."),
    reason: describe(text, "Why; kept for good."),
    dryRun: describe(flag, "Answers what would be, and lowers nothing."),
  },
  required: ["arm", "basisPoints", "reason"],
});

export const forgetBody = message<ForgetRouterRequest>({
  title: "ForgetRouterRequest",
  empty: () => ({ router: "", reason: "" }),
  fields: {
    router: describe(text, "One that is silent, by its name."),
    reason: describe(text, "Why; kept for good."),
  },
  required: ["router", "reason"],
});
