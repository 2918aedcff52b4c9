import type { RunPlan } from "../run-plan.ts";
import { grpcSenders } from "./grpc-sender.ts";
import { httpSenders } from "./http/http-sender.ts";
import type { OpenSender } from "./sender.ts";

/** Throws for what cannot be sent at all. */
export function openSenders(plan: RunPlan): OpenSender {
  const { call } = plan.workload;
  return call.transport === "grpc" ? grpcSenders(plan, call) : httpSenders(plan, call);
}
