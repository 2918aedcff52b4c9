import {
  Channel as GrpcChannel,
  credentials as grpcCredentials,
  type ChannelCredentials,
} from "@grpc/grpc-js";
import { ServingError } from "../../proto/serving-error.ts";
import { defaultMaxMessageBytes, type ChannelOptions, type OpenChannel } from "../transport.ts";
import { streamCall, unaryCall, type CreateCall } from "./outgoing-call.ts";

function channelOptions(options: ChannelOptions): Record<string, number | string> {
  const { serverName, serverAuthority } = options;
  const isNamed = serverName !== undefined && serverAuthority !== undefined;
  return {
    ...(isNamed && { "grpc.ssl_target_name_override": serverName }),
    "grpc.max_receive_message_length": options.maxMessageBytes ?? defaultMaxMessageBytes,
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 10_000,
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 5_000,
    "grpc.enable_channelz": 0,
    // Hops inside a cluster: no proxy from the environment, no TXT records, no connections shared between channels.
    "grpc.enable_http_proxy": 0,
    "grpc.service_config_disable_resolution": 1,
    "grpc.use_local_subchannel_pool": 1,
  };
}

function credentialsOf({ serverAuthority, certificates }: ChannelOptions): ChannelCredentials {
  if (serverAuthority === undefined) {
    if (certificates)
      throw new Error(
        "certificates need serverAuthority: a plain-text channel cannot present them",
      );
    return grpcCredentials.createInsecure();
  }
  const authority = Buffer.from(serverAuthority);
  if (!certificates) return grpcCredentials.createSsl(authority);
  return grpcCredentials.createSsl(
    authority,
    Buffer.from(certificates.key),
    Buffer.from(certificates.certificate),
  );
}

export const openChannel: OpenChannel = (address, options = {}) => {
  const channel = new GrpcChannel(address, credentialsOf(options), channelOptions(options));
  let open = true;

  const create: CreateCall = (path, deadlineMs) => {
    if (!open) throw new ServingError("UNAVAILABLE", `the channel to ${address} is closed`);
    return channel.createCall(path, Date.now() + deadlineMs - performance.now(), null, null, null);
  };
  const close = () => {
    if (open) channel.close();
    open = false;
  };
  return {
    unary: (path, request, call = {}) => unaryCall(create, path, { request, ...call }),
    stream: (path, requests, call = {}) => streamCall(create, path, { requests, ...call }),
    close,
    [Symbol.dispose]: close,
  };
};
