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
  SimulateWeightsRequest,
  SimulateWeightsResponse,
  WatchRolloutRequest,
  WatchRolloutResponse,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { openChannel } from "../../../transport/open.ts";
import type { Distribution } from "../../../router/distribution.ts";
import type { CallOptions, Channel, ChannelOptions } from "../../../transport/transport.ts";
import { createLog } from "../../log/log.ts";
import { createMetrics } from "../../metrics/metrics.ts";
import { openRouter, type OpenRouter, type RouterScene } from "../router.fixture.ts";
import { startAdmin, type Admin, type AdminOptions } from "./start-admin.ts";

/** Its admin ports, and how to ask them. */
export interface OpenAdmin extends OpenRouter {
  readonly admin: Admin;
  readonly channel: Channel;
  readonly url: string;
  get(path: string, init?: RequestInit): Promise<Got>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Got>;
  /** Over gRPC. */
  readonly rpc: Rpc;
}

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Body;
}

/** What tests look at in replies, each of which has some of it. */
export interface Body {
  readonly error: { readonly code: string; readonly message: string };
  readonly rollout: { readonly revision: string; readonly distribution: Distribution };
  readonly oldRevision: string;
  readonly newRevision: string;
  readonly movedBasisPoints: number;
  readonly lowered: { readonly basisPoints: number };
  readonly isNoted: boolean;
  readonly store: string;
  readonly loads: readonly object[];
  readonly security: readonly object[];
  readonly info: { readonly title: string };
  readonly paths: Readonly<Record<string, { readonly get: { readonly parameters: object[] } }>>;
  readonly components: { readonly schemas: object };
}

export interface AdminScene extends RouterScene, Partial<Omit<AdminOptions, "control">> {
  readonly channel?: ChannelOptions;
}

export async function openAdmin(scene: AdminScene): Promise<OpenAdmin> {
  const {
    folder: _,
    name: __,
    store: ___,
    documents: ____,
    versions: _____,
    channel: channelOptions,
    ...given
  } = scene;
  const opened = await openRouter(scene);
  const log = createLog({ write: (line) => void opened.logged.push(line), isPretty: false });
  const admin = await startAdmin({
    control: opened.control,
    host: "127.0.0.1",
    grpcPort: 0,
    httpPort: 0,
    pollMs: 20,
    metrics: createMetrics(log),
    log,
    ...given,
  }).catch(async (error: unknown) => {
    await opened[Symbol.asyncDispose]();
    throw error;
  });
  const channel = openChannel(`127.0.0.1:${admin.grpcPort}`, channelOptions);
  const url = `http://127.0.0.1:${admin.httpPort}`;
  const get = (path: string, init?: RequestInit) => got(fetch(url + path, init));
  return {
    ...opened,
    admin,
    channel,
    url,
    get,
    post: (path, body, headers = {}) =>
      get(path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    rpc: rpcOver(channel),
    async [Symbol.asyncDispose]() {
      channel.close();
      await admin.close(0);
      await opened[Symbol.asyncDispose]();
    },
  };
}

async function got(responding: Promise<Response>): Promise<Got> {
  const response = await responding;
  const text = await response.text();
  const isJson = response.headers.get("content-type") === "application/json";
  const { status, headers } = response;
  return { status, headers, json: (isJson ? JSON.parse(text) : text) as Body };
}

export type Rpc = ReturnType<typeof rpcOver>;

interface Codec<Message> {
  decode(bytes: Uint8Array): Message;
  encode(message: Message): { finish(): Uint8Array };
  fromPartial(message: object): Message;
}

const pathOf = (name: string) => `/crossfade.admin.v1.RolloutService/${name}`;

export function rpcOver(channel: Channel) {
  const unary =
    <Request, Reply>(name: string, request: Codec<Request>, reply: Codec<Reply>) =>
    async (message: Partial<Request>, options: CallOptions = {}): Promise<Reply> => {
      const bytes = request.encode(request.fromPartial(message)).finish();
      return reply.decode(await channel.unary(pathOf(name), bytes, options));
    };
  const change = unary("ChangeRollout", ChangeRolloutRequest, ChangeRolloutResponse);
  return {
    get: unary("GetRollout", GetRolloutRequest, GetRolloutResponse),
    list: unary("ListRollouts", ListRolloutsRequest, ListRolloutsResponse),
    history: unary("GetHistory", GetHistoryRequest, GetHistoryResponse),
    change: (request: Partial<ChangeRolloutRequest>, options?: CallOptions) =>
      change({ model: "toy", reason: "a test", ...request }, options),
    explain: unary("ExplainUser", ExplainUserRequest, ExplainUserResponse),
    simulate: unary("SimulateWeights", SimulateWeightsRequest, SimulateWeightsResponse),
    lower: unary("LowerArm", LowerArmRequest, LowerArmResponse),
    forget: unary("ForgetRouter", ForgetRouterRequest, ForgetRouterResponse),
    async *watch(model: string, options: CallOptions = {}) {
      const request = async function* () {
        yield WatchRolloutRequest.encode({ model }).finish();
      };
      for await (const bytes of channel.stream(pathOf("WatchRollout"), request(), options))
        yield WatchRolloutResponse.decode(bytes).status!;
    },
  };
}

/** The canary's weight, by hand. */
export const toWeight = (weight: number): Pick<ChangeRolloutRequest, "change"> => ({
  change: { $case: "setWeights", value: { basisPoints: { canary: weight } } },
});
