import type { ServerCall } from "../../../transport/call.ts";
import { checkNameLength } from "../../check-name-length.ts";
import type { Admit } from "./admit.ts";
import type { Operation } from "./operations.ts";

export type Perform = <Request, Reply>(
  operation: Operation<Request, Reply>,
  call: ServerCall,
  read: () => Request,
) => Promise<Reply>;

/** Strangers are turned away before anything of what they send is looked at. */
export function createPerform(admit: Admit): Perform {
  return async (operation, call, read) => {
    const caller = admit.caller(call);
    const request = read();
    checkNames(request);
    const what = operation.what?.(request) ?? operation.name;
    const instead = operation.instead?.(request);
    admit.assertRole(caller, operation.role(request), { what, instead });
    const reply = await operation.run(request, caller);
    admit.charge(caller, operation.work?.(reply) ?? 0);
    return reply;
  };
}

/** Answers and complaints repeat them. */
export function checkNames(request: unknown): void {
  for (const field of ["model", "arm", "userId", "router"]) {
    const value = (request as Readonly<Record<string, unknown>>)[field];
    if (typeof value === "string") checkNameLength(field, value);
  }
}
