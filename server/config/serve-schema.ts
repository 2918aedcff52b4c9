import { providers, type ProviderName } from "../../backends/engines/provider.ts";
import { variantNames } from "../../models/bundle/manifest.ts";
import { defaultRequestLimits } from "../../proto/request-limits.ts";
import { listeningRulesBroken, listeningSettings } from "./listening-settings.ts";
import type { ConfigOf, Schema } from "./schema.ts";
import { bytes, cap, choice, optional, orWord, path, set, shortTime, whole } from "./setting.ts";

const providerNames = Object.keys(providers) as ProviderName[];

const settings = {
  models: optional(path, "folder of models: DIR/<model>/<version>/, watched for new versions"),
  bundle: optional(path, "one bundle to serve, instead of a folder of models"),
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

  ...listeningSettings,

  defaultDeadlineMs: set(shortTime, 250, "for Recommend calls that bring no deadline"),
  defaultBatchDeadlineMs: set(shortTime, 2_000, "for BatchRecommend calls that bring none"),
  maxBatchRequests: set(cap, 1_000, "requests in one BatchRecommend"),
  maxHistory: set(cap, defaultRequestLimits.maxHistory, "ids in history"),
  maxCandidates: set(cap, defaultRequestLimits.maxCandidates, "ids in candidates"),
  maxExclude: set(cap, defaultRequestLimits.maxExclude, "ids in exclude"),
  maxTracks: set(cap, defaultRequestLimits.maxTracks, "tracks"),
  maxTopK: set(cap, defaultRequestLimits.maxTopK, "largest top_k"),
};

/** The settings of `crossfade serve`. */
export type ServeConfig = ConfigOf<typeof settings>;

/** Everything that `crossfade serve` can be told. */
export const serveSchema: Schema<typeof settings> = {
  settings,
  rulesBroken(config) {
    const { models, bundle } = config;
    return [
      ...(models === undefined && bundle === undefined
        ? ["nothing to serve: give models or bundle"]
        : []),
      ...(models !== undefined && bundle !== undefined
        ? ["models and bundle exclude each other"]
        : []),
      ...listeningRulesBroken(config),
    ];
  },
};
