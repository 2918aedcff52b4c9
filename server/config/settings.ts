import { providers, type ProviderName } from "../../backends/engines/provider.ts";
import { variantNames } from "../../models/bundle/manifest.ts";
import { defaultRequestLimits } from "../../proto/request-limits.ts";
import { logLevels } from "../log/log.ts";
import {
  bytes,
  choice,
  duration,
  orWord,
  text,
  whole,
  type Kind,
  type Setting,
} from "./setting.ts";

const port = whole({ min: 0, max: 65_535 });
const path = text("a path");
const cap = whole({ min: 1, max: 1_000_000 });
const shortTime = duration({ min: 1, max: 3_600_000 });
const waitingTime = duration({ min: 0, max: 3_600_000 });
const providerNames = Object.keys(providers) as ProviderName[];

const set = <Value>(kind: Kind<Value>, standard: Value, help: string) => ({ kind, standard, help });
const optional = <Value>(kind: Kind<Value>, help: string) => ({ kind, help });

/**
 * Everything that `crossfade serve` can be told. A key is the name in a configuration file; flags and environment
 * variables spell it --in-kebab-case and CROSSFADE_IN_CAPITALS.
 */
export const settings = {
  models: optional(path, "folder of models: DIR/<model>/<version>/, watched for new versions"),
  bundle: optional(path, "one bundle to serve, instead of a folder of models"),
  pollMs: set(shortTime, 2_000, "how often the folder of models and the TLS files are read"),
  keepVersions: set(
    whole({ min: 1, max: 16 }),
    2,
    "newest versions of each model that stay loaded",
  ),
  variant: set(orWord("auto", choice(variantNames)), "auto", "form of the models to load"),
  provider: set(choice(providerNames), "cpu", "what runs them"),
  deviceId: set(whole({ min: 0, max: 63 }), 0, "which device, for providers that have several"),
  workers: set(orWord("auto", whole({ min: 1, max: 256 })), "auto", "sessions per model version"),
  intraOpThreads: set(
    orWord("auto", whole({ min: 1, max: 256 })),
    "auto",
    "threads of one session; auto gives sessions what cores are left",
  ),
  memoryBudgetBytes: set(
    orWord("auto", bytes({ min: 2 ** 20, max: 2 ** 50 })),
    "auto",
    "for the sessions of one model: its loaded versions and one that arrives; auto is what the machine has",
  ),
  maxQueuedRows: set(cap, 4_096, "requests that wait for a model version; more are refused"),

  host: set(text("a host name, an address or unix:/path"), "127.0.0.1", "where gRPC listens"),
  port: set(port, 8_500, "gRPC port; 0 picks a free one"),
  metricsPort: set(orWord("off", port), 8_502, "HTTP port of /metrics, /healthz and /readyz"),
  maxMessageBytes: set(bytes({ min: 1_024, max: 2 ** 30 }), 4 * 2 ** 20, "largest request message"),
  maxConcurrentStreams: set(cap, 256, "calls in flight on one connection"),
  maxConnectionAgeMs: set(
    duration({ min: 1_000, max: 86_400_000 }),
    300_000,
    "age at which a connection is told to reconnect, +-10%",
  ),
  tlsCertificate: optional(path, "PEM file; turns TLS on; read again when it changes"),
  tlsKey: optional(path, "PEM file of its private key"),
  tlsClientAuthority: optional(path, "PEM file; clients must present a certificate that it signed"),

  defaultDeadlineMs: set(shortTime, 250, "for Recommend calls that bring no deadline"),
  defaultBatchDeadlineMs: set(shortTime, 2_000, "for BatchRecommend calls that bring none"),
  maxBatchRequests: set(cap, 1_000, "requests in one BatchRecommend"),
  maxHistory: set(cap, defaultRequestLimits.maxHistory, "ids in history"),
  maxCandidates: set(cap, defaultRequestLimits.maxCandidates, "ids in candidates"),
  maxExclude: set(cap, defaultRequestLimits.maxExclude, "ids in exclude"),
  maxTracks: set(cap, defaultRequestLimits.maxTracks, "tracks"),
  maxTopK: set(cap, defaultRequestLimits.maxTopK, "largest top_k"),

  drainDelayMs: set(
    waitingTime,
    0,
    "from not being ready to refusing connections, so that balancers notice",
  ),
  drainMs: set(waitingTime, 10_000, "for calls in flight when it shuts down"),
  logLevel: set(choice(logLevels), "info", "least important lines to log"),
} satisfies Readonly<Record<string, Setting<unknown>>>;

export type SettingName = keyof typeof settings;

type ValueOf<One> = One extends { readonly kind: Kind<infer Value> } ? Value : never;
type IsOptional<One> = One extends { readonly standard: unknown } ? false : true;

/** The settings of a server, complete and checked. */
export type Config = {
  readonly [
    Name in SettingName as IsOptional<(typeof settings)[Name]> extends true ? never : Name
  ]: ValueOf<(typeof settings)[Name]>;
} & {
  readonly [
    Name in SettingName as IsOptional<(typeof settings)[Name]> extends true ? Name : never
  ]?: ValueOf<(typeof settings)[Name]>;
};
