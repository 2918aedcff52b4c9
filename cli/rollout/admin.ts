import * as api from "../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { Connection } from "./connection.ts";

/** The admin API, as the command uses it. Failures are ServingErrors with what the server said. */
export interface Admin {
  readonly address: string;
  get(model: string): Promise<api.GetRolloutResponse>;
  /** Until the signal aborts. */
  watch(model: string, signal: AbortSignal): AsyncIterable<api.GetRolloutResponse>;
  list(): Promise<api.ListRolloutsResponse>;
  history(request: api.GetHistoryRequest): Promise<api.GetHistoryResponse>;
  /** Asked again when the connection failed: its idempotency key makes it happen once. */
  change(request: api.ChangeRolloutRequest): Promise<api.ChangeRolloutResponse>;
  explain(request: api.ExplainUserRequest): Promise<api.ExplainUserResponse>;
  simulate(request: api.SimulateWeightsRequest): Promise<api.SimulateWeightsResponse>;
  lower(request: api.LowerArmRequest): Promise<api.LowerArmResponse>;
  forget(request: api.ForgetRouterRequest): Promise<api.ForgetRouterResponse>;
  close(): void;
}

interface Codec<Message> {
  encode(message: Message): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Message;
}

const mostAttempts = 3;

/** @param timeoutMs Of each call but `watch`. */
export function createAdmin(connection: Connection, timeoutMs: number): Admin {
  const { address, channel, metadata } = connection;
  const unary =
    <Request, Reply>(name: string, request: Codec<Request>, reply: Codec<Reply>) =>
    async (message: Request): Promise<Reply> => {
      const deadlineMs = performance.now() + timeoutMs;
      const bytes = request.encode(message).finish();
      return reply.decode(await channel.unary(pathOf(name), bytes, { deadlineMs, metadata }));
    };
  const get = unary("GetRollout", api.GetRolloutRequest, api.GetRolloutResponse);
  const list = unary("ListRollouts", api.ListRolloutsRequest, api.ListRolloutsResponse);
  const change = unary("ChangeRollout", api.ChangeRolloutRequest, api.ChangeRolloutResponse);

  return {
    address,
    get: (model) => get({ model }),
    async *watch(model, signal) {
      const request = api.WatchRolloutRequest.encode({ model }).finish();
      const replies = channel.stream(pathOf("WatchRollout"), only(request), { metadata, signal });
      for await (const bytes of replies) {
        const { status } = api.WatchRolloutResponse.decode(bytes);
        if (status !== undefined) yield status;
      }
    },
    list: () => list({}),
    history: unary("GetHistory", api.GetHistoryRequest, api.GetHistoryResponse),
    change: (request) => whileLost(() => change(request)),
    explain: unary("ExplainUser", api.ExplainUserRequest, api.ExplainUserResponse),
    simulate: unary("SimulateWeights", api.SimulateWeightsRequest, api.SimulateWeightsResponse),
    lower: unary("LowerArm", api.LowerArmRequest, api.LowerArmResponse),
    forget: unary("ForgetRouter", api.ForgetRouterRequest, api.ForgetRouterResponse),
    close: () => channel.close(),
  };
}

function pathOf(name: string): string {
  return `/crossfade.admin.v1.RolloutService/${name}`;
}

async function* only(request: Uint8Array): AsyncIterable<Uint8Array> {
  yield request;
}

/** Nobody said whether it was done, so that only asking again tells. */
async function whileLost<T>(act: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (thrown) {
      const error = ServingError.from(thrown);
      const isLost = error.isLost && error.code === Code.UNAVAILABLE;
      if (!isLost || attempt === mostAttempts) throw error;
    }
  }
}
