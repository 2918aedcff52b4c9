import { decodeMessage } from "../../../proto/decode-message.ts";
import {
  WatchRolloutRequest,
  WatchRolloutResponse,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { ServingError } from "../../../proto/serving-error.ts";
import type { Method } from "../../../transport/transport.ts";
import type { Operation, Operations } from "./operations.ts";
import type { Perform } from "./perform.ts";
import type { Watching } from "./watching.ts";

export interface RolloutServiceParts {
  readonly operations: Operations;
  readonly perform: Perform;
  readonly watching: Watching;
}

const pathOf = (name: string) => `/crossfade.admin.v1.RolloutService/${name}`;

/** crossfade.admin.v1.RolloutService. */
export function rolloutService({ operations, perform, watching }: RolloutServiceParts): Method[] {
  const unary = <Request, Reply>(operation: Operation<Request, Reply>): Method => ({
    kind: "unary",
    path: pathOf(operation.name),
    async handle(bytes, call) {
      const read = () => decodeMessage(operation.request, bytes, `${operation.name}Request`);
      const reply = await perform(operation, call, read);
      return operation.reply.encode(reply).finish();
    },
  });
  return [
    unary(operations.getRollout),
    unary(operations.listRollouts),
    unary(operations.getHistory),
    unary(operations.changeRollout),
    unary(operations.explainUser),
    unary(operations.simulateWeights),
    unary(operations.lowerArm),
    unary(operations.forgetRouter),
    {
      kind: "server_stream",
      path: pathOf("WatchRollout"),
      async *handle(requests, call) {
        const statuses = watching.open(call, async () => {
          const bytes = await first(requests);
          return decodeMessage(WatchRolloutRequest, bytes, "WatchRolloutRequest").model;
        });
        for await (const status of statuses) yield WatchRolloutResponse.encode({ status }).finish();
      },
    },
  ];
}

async function first(requests: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  for await (const request of requests) return request;
  throw new ServingError("INVALID_ARGUMENT", "WatchRollout needs a request; none came");
}
