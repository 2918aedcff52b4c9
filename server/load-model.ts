import type { Backend } from "../backends/backend.ts";
import { modelBackend } from "../backends/model-backend.ts";
import { checkTensors } from "../backends/model/check-tensors.ts";
import { timeRuns } from "../backends/model/time-runs.ts";
import { openEngine } from "../backends/engines/open-engine.ts";
import type { ProviderName } from "../backends/engines/provider.ts";
import { partFile, variantOf, type Bundle } from "../models/bundle/bundle.ts";
import { checkGraphFiles } from "../models/bundle/check-graph-files.ts";
import { chooseVariant } from "../models/bundle/choose-variant.ts";
import type { VariantName } from "../models/bundle/manifest.ts";
import { readBundle, type ReadBundle } from "../models/bundle/read-bundle.ts";
import { families } from "../models/families.ts";
import type { ServedBy } from "../models/family.ts";
import type { OpenedFamily } from "../models/open-family.ts";
import type { RequestLimits } from "../proto/request-limits.ts";
import type { Load, LoadOptions } from "./model-version.ts";

/** How a bundle is to run. */
export interface LoadSettings {
  readonly provider: ProviderName;
  readonly deviceId: number;
  /** "auto": the fastest by its passport. */
  readonly variant: VariantName | "auto";
  readonly limits: RequestLimits;
  readonly maxQueuedRows: number;
  /** How many sessions that read so many bytes, beside so many versions. Throws when there is no room for one. */
  readonly plan: (sessionBytes: number, versionsLoaded: number) => SessionCounts;
}

export interface SessionCounts {
  readonly workers: number;
  readonly intraOpThreads: number;
}

const runnable: Readonly<Record<ProviderName, readonly VariantName[]>> = {
  cpu: ["fp32", "qint8"],
  wasm: ["fp32", "qint8", "edge"],
  webgpu: ["fp32", "fp16"],
  cuda: ["fp32", "fp16"],
};

/** From a bundle's folder to a backend that is loaded and warm. */
export function createLoad(settings: LoadSettings): Load {
  return async (dir, options) => {
    const { signal } = options;
    const bundle = await readBundle(dir, { families: Object.keys(families), signal });
    const { model, version, family, idType } = bundle.manifest;
    const chosen = chosenVariant(bundle, settings);
    const variant = variantOf(bundle, chosen);
    await checkGraphFiles(bundle, variant);
    const opened = await families[family]!(bundle, variant, settings);
    const backend = await openBackend({ bundle, opened, chosen, settings, options });
    const {
      itemCount,
      family: { recommended },
    } = opened;
    const overlapAt10 = variant.passport.warm.agreement.overlap10;
    const created = new Date(bundle.manifest.created);
    const info = { family, variant: chosen, itemCount, created, overlapAt10, idType };
    const { files } = bundle;
    return { model, version, backend, info, files, ...(recommended && { recommended }) };
  };
}

function chosenVariant({ manifest }: Bundle, { variant, provider }: LoadSettings): VariantName {
  return variant === "auto" ? chooseVariant(manifest, runnable[provider]) : variant;
}

interface Opening {
  readonly bundle: ReadBundle;
  readonly chosen: VariantName;
  readonly opened: OpenedFamily;
  readonly settings: LoadSettings;
  readonly options: LoadOptions;
}

async function openBackend(opening: Opening): Promise<Backend> {
  const { bundle, chosen, opened, settings, options } = opening;
  const { model, version } = bundle.manifest;
  const by = { model, version, backend: `${settings.provider}-${chosen}` };
  const engine = await openServing(by, opening);
  try {
    checkTensors(engine, opened.family.graph);
    return modelBackend({
      model,
      version,
      engine,
      family: opened.family,
      timedRuns: await timeRuns(engine, opened.family),
      maxQueuedRows: settings.maxQueuedRows,
      meter: options.meterFor(by),
    });
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function openServing(by: ServedBy, { bundle, opened, settings, options }: Opening) {
  const { parts, model } = bundle.manifest;
  const read = [opened.graph, ...opened.weights].map((name) => parts[name]!.bytes);
  return openEngine({
    name: by.backend,
    provider: settings.provider,
    deviceId: settings.deviceId,
    graph: partFile(bundle, opened.graph),
    externalData: opened.weights.map((part) => ({
      location: parts[part]!.file,
      file: partFile(bundle, part),
    })),
    ...settings.plan(
      read.reduce((sum, bytes) => sum + bytes, 0),
      options.versionsLoaded?.(model) ?? 0,
    ),
    warmUp: opened.family.warmUp().map(({ feeds }) => feeds),
    mayReopen: () => bundle.files.verify(),
    lost: (why, restartMs) => options.lost(by, why, restartMs),
    abandoned: (why) => options.abandoned(by, why),
  });
}
