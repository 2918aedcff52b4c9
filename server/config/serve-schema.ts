import { providers, type ProviderName } from "../../backends/engines/provider.ts";
import { variantNames } from "../../models/bundle/manifest.ts";
import {
  needlessRouting,
  routingRulesBroken,
  routingSettings,
} from "../routing/routing-settings.ts";
import { listeningRulesBroken, listeningSettings } from "./listening-settings.ts";
import type { ConfigOf, Schema } from "./schema.ts";
import { bytes, cap, choice, duration, optional, orWord, path, set, whole } from "./setting.ts";

const providerNames = Object.keys(providers) as ProviderName[];

const settings = {
  models: optional(path, "folder of models: DIR/<model>/<version>/, watched for new versions"),
  bundle: optional(path, "one bundle to serve, instead of a folder of models"),
  keepVersions: set(
    whole({ min: 1, max: 16 }),
    2,
    "newest versions of each model that stay loaded; older ones stay besides while they are in use",
  ),
  keepUsedMs: set(
    duration({ min: 0, max: 7 * 86_400_000 }),
    900_000,
    "for how long a version is in use: after a call named it, and after a router's arm had it; 0 turns that off. What arms of this process have is always in use",
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
  loadTimeoutMs: set(
    duration({ min: 1_000, max: 86_400_000 }),
    600_000,
    "for a model version to be read, loaded and warmed up; then it counts as one that cannot be",
  ),
  maxQueuedRows: set(cap, 4_096, "requests that wait for a model version; more are refused"),

  ...routingSettings({ grpc: "off", http: "off" }),
  ...listeningSettings,
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
      ...needlessRouting(config),
      ...routingRulesBroken(config),
      ...listeningRulesBroken(config, config),
    ];
  },
};
