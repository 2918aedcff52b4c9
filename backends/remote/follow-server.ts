import {
  ListModelsRequest,
  ListModelsResponse,
  type ModelVersion,
} from "../../proto/gen/crossfade/v1/recommender.ts";
import { heldVersionsKey, writeHeldVersions, type HeldVersion } from "../../proto/held-versions.ts";
import { HealthCheckResponse_ServingStatus as ServingStatus } from "../../proto/gen/grpc/health/v1/health.ts";
import type { CallOptions, Channel } from "../../transport/transport.ts";
import type { Metadata } from "../../transport/call.ts";
import type { Clock } from "../clock.ts";
import { watchHealth } from "./watch-health.ts";

/** What a server says of itself, as last heard. */
export interface FollowedServer {
  /** `version` "": any. False before the server was heard of, and when the connection to it is lost. */
  holds(model: string, version: string): boolean;
  /** The models that it lists, ready or not; undefined when nothing is known. */
  models(): readonly string[] | undefined;
  /** As it listed its versions; empty when nothing is known. */
  listed(): readonly ModelVersion[];
  /** Something that it said does not fit what is known: asks again, soon. */
  doubt(): void;
  /** Resolves when it has been heard of, or has been found missing, for the first time. */
  readonly looked: Promise<void>;
  stop(): void;
}

export interface FollowOptions {
  readonly channel: Channel;
  readonly clock: Clock;
  /** How often the models are asked for besides. */
  readonly refreshMs: number;
  /** The server is told of these each time, so that it keeps them. Default: none. */
  readonly holds?: () => readonly HeldVersion[];
}

interface Models {
  readonly listed: readonly ModelVersion[];
  /** Of each model, the versions that are ready. */
  readonly ready: ReadonlyMap<string, ReadonlySet<string>>;
}

const listPath = "/crossfade.v1.RecommenderService/ListModels";
const listTimeoutMs = 1_000;
const doubtMs = 20;

/** Health is watched. Models are listed at every change of health, every `refreshMs`, and on a doubt. */
export function followServer(options: FollowOptions): FollowedServer {
  const { channel, clock, refreshMs, holds = () => [] } = options;
  const held = createHeldMetadata(holds);
  const stopping = new AbortController();
  const { signal } = stopping;
  let models: Models | undefined;
  let isServing = false;
  let isListing = false;
  let callOff: (() => void) | undefined;
  let resolveLooked!: () => void;
  const looked = new Promise<void>((resolve) => (resolveLooked = resolve));

  async function list(): Promise<void> {
    if (isListing || signal.aborted) return;
    isListing = true;
    models = (await listModels(channel, { metadata: held(), signal })) ?? models;
    isListing = false;
    if (models !== undefined) resolveLooked();
    listIn(refreshMs);
  }

  function listIn(delayMs: number): void {
    callOff?.();
    if (!signal.aborted) callOff = clock.at(clock.now() + delayMs, () => void list());
  }

  function lose(): void {
    isServing = false;
    models = undefined;
    resolveLooked();
  }

  void watchHealth(channel, { clock, signal }, (status) => {
    if (status === "lost") return lose();
    isServing = status === ServingStatus.SERVING;
    void list();
  });

  return {
    holds(model, version) {
      const versions = isServing ? models?.ready.get(model) : undefined;
      return versions !== undefined && (version === "" ? versions.size > 0 : versions.has(version));
    },
    models: () => models && [...models.ready.keys()],
    listed: () => models?.listed ?? [],
    doubt: () => listIn(doubtMs),
    looked,
    stop() {
      stopping.abort();
      callOff?.();
      lose();
    },
  };
}

/** Undefined when it does not say: too busy to tell what it holds, it still holds it. Its health tells of a loss. */
async function listModels(channel: Channel, call: CallOptions): Promise<Models | undefined> {
  try {
    const deadlineMs = performance.now() + listTimeoutMs;
    const request = ListModelsRequest.encode({}).finish();
    return readModels(await channel.unary(listPath, request, { ...call, deadlineMs }));
  } catch {
    return undefined;
  }
}

/** What does not fit into one call is told in the next ones. */
function createHeldMetadata(holds: () => readonly HeldVersion[]): () => Metadata {
  let calls = 0;
  return () => {
    const texts = writeHeldVersions(holds());
    if (texts.length === 0) return new Map();
    return new Map([[heldVersionsKey, texts[calls++ % texts.length]!]]);
  };
}

function readModels(reply: Uint8Array): Models {
  const { models: listed } = ListModelsResponse.decode(reply);
  const readyVersions = new Map<string, Set<string>>();
  for (const { model, version, ready } of listed) {
    const versions = readyVersions.get(model) ?? new Set();
    readyVersions.set(model, ready ? versions.add(version) : versions);
  }
  return { listed, ready: readyVersions };
}
