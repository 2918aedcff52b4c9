import type { HeldVersion } from "../../proto/held-versions.ts";
import type { ModelVersion } from "../../proto/gen/crossfade/v1/recommender.ts";
import type { ChannelOptions } from "../../transport/transport.ts";
import type { ServingError } from "../../proto/serving-error.ts";
import type { Backend, Query } from "../backend.ts";
import { type Clock, systemClock } from "../clock.ts";
import { missingModel, unknownModel } from "../identity.ts";
import { answerAll, closed } from "../refusals.ts";
import { openConnections } from "./connections.ts";
import { followServer, type FollowedServer } from "./follow-server.ts";
import { createLoad } from "./load.ts";
import { createSender } from "./sender.ts";

export interface RemoteOptions {
  /** As `openChannel` takes it, e.g. "127.0.0.1:50051" or "unix:/run/crossfade.sock". */
  readonly address: string;
  /** Default: the address. */
  readonly name?: string;
  /** Absent: plain text. */
  readonly tls?: Pick<ChannelOptions, "serverAuthority" | "serverName" | "certificates">;
  /** Default 2. */
  readonly connections?: number;
  /** A query is given up this long before its deadline, so that its caller hears of it in time. Default 10. */
  readonly hopMarginMs?: number;
  /** How often the server is asked what it holds, besides at every change of its health. Default 1,000. */
  readonly refreshMs?: number;
  /** Versions that the server is asked to keep loaded. Default: none. */
  readonly holds?: () => readonly HeldVersion[];
  readonly clock?: Clock;
}

/** One server over the wire. */
export interface Remote extends Backend {
  /** Resolves when the server has been heard of, or has been found missing, for the first time. */
  readonly looked: Promise<void>;
  /** The versions that the server listed last. */
  listed(): readonly ModelVersion[];
}

/** What was merged on the way there must not be too large on the way back. */
const maxReplyBytes = 64 * 1024 * 1024;

export function createRemote(options: RemoteOptions): Remote {
  const { address, name = address, clock = systemClock } = options;
  const { hopMarginMs = 10, refreshMs = 1_000, holds: held = () => [] } = options;
  const channel = openConnections(address, options.connections ?? 2, {
    maxMessageBytes: maxReplyBytes,
    ...options.tls,
  });
  const server = followServer({ channel: channel.first, clock, refreshMs, holds: held });
  const load = createLoad(clock);
  const sender = createSender({
    channel,
    load,
    hopMarginMs,
    clock,
    refuse: (query) => refusal(query, server),
    misplaced: () => server.doubt(),
  });
  let closing: Promise<void> | undefined;

  const holds = (model: string, version: string) =>
    closing === undefined && server.holds(model, version);
  const close = async () => {
    await sender.drained();
    server.stop();
    channel.close();
  };
  return {
    name,
    looked: server.looked,
    listed: () => server.listed(),
    answer: (queries) =>
      closing === undefined ? sender.answer(queries) : answerAll(queries, closed(name)),
    isReady: holds,
    costMs: (model, version, rows) => (holds(model, version) ? load.predictMs(rows) : Infinity),
    close: () => (closing ??= close()),
  };
}

/** A model that the server does not list costs no round trip. */
function refusal({ model }: Query, server: FollowedServer): ServingError | undefined {
  const models = server.models();
  if (model === "") return missingModel(models ?? []);
  return models === undefined || models.includes(model) ? undefined : unknownModel(model, models);
}
