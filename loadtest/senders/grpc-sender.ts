import { Code, ServingError } from "../../proto/serving-error.ts";
import { openHttp2Channel, type StartedCall } from "../../transport/http2/channel.ts";
import type { ReplyListener } from "../../transport/http2/outgoing-call.ts";
import type { ChannelOptions } from "../../transport/transport.ts";
import type { RunPlan } from "../run-plan.ts";
import type { GrpcMethod } from "../workload.ts";
import type { Ended, OpenSender, Sender } from "./sender.ts";

/** Any server answers it, if only by saying that it does not have it. */
const probePath = "/grpc.health.v1.Health/Check";
const connectMs = 5_000;

/** Throws for a path or metadata that cannot be sent. */
export function grpcSenders(plan: RunPlan, { path }: GrpcMethod): OpenSender {
  const options = channelOptions(plan);
  const metadata = new Map(Object.entries(plan.workload.metadata));

  return (target, ended): Sender => {
    const channel = openHttp2Channel(target, options);
    const method = channel.prepare(path, metadata);
    const streams: GrpcStream[] = [];
    const heard = { ...ended };
    return {
      async connect() {
        await connect(target, () =>
          channel.unary(probePath, new Uint8Array(), { deadlineMs: performance.now() + connectMs }),
        );
      },
      send(stream, request, deadlineMs) {
        const listener = (streams[stream] ??= new GrpcStream(stream, heard));
        listener.call = method.start(request, listener, deadlineMs);
      },
      cancel: (stream) => streams[stream]?.call?.cancel(),
      close() {
        heard.answered = heard.failed = () => {};
        channel.close();
      },
    };
  };
}

/** Kept from call to call. */
class GrpcStream implements ReplyListener {
  readonly #stream: number;
  readonly #ended: Ended;
  #reply: Uint8Array | undefined;
  call: StartedCall | undefined;

  constructor(stream: number, ended: Ended) {
    this.#stream = stream;
    this.#ended = ended;
  }

  /** Whether that is an answer, only the trailers say, which may be in another packet. */
  message(bytes: Uint8Array): void {
    this.#reply = Buffer.from(bytes);
  }

  ended(error: ServingError | undefined): void {
    const reply = this.#reply;
    this.#reply = undefined;
    this.call = undefined;
    if (error) this.#ended.failed(this.#stream, error);
    else this.#ended.answered(this.#stream, reply!);
  }
}

/** What a server says is proof of it, whatever it says. */
async function connect(target: string, probe: () => Promise<unknown>): Promise<void> {
  try {
    await probe();
  } catch (thrown) {
    const error = ServingError.from(thrown);
    if (!error.isLost && error.code !== Code.DEADLINE_EXCEEDED) return;
    throw new ServingError("UNAVAILABLE", `${target} cannot be reached: ${error.message}`, {
      isLost: true,
      cause: error,
    });
  }
}

function channelOptions({ tls }: RunPlan): ChannelOptions {
  if (tls === undefined) return {};
  const { serverAuthority, certificate, key } = tls;
  const hasOwn = certificate !== undefined && key !== undefined;
  return { serverAuthority, ...(hasOwn && { certificates: { certificate, key } }) };
}
