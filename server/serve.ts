import { readdir } from "node:fs/promises";
import { createHost, type Host } from "../backends/host.ts";
import type { Router } from "../router/router.ts";
import type { ServeConfig } from "./config/serve-schema.ts";
import type { AdminPorts } from "./control/open-admin.ts";
import { openControlPlane, type ControlPlane } from "./control/open-control-plane.ts";
import { routedBy } from "./control/routed-by.ts";
import { logListening } from "./log-listening.ts";
import { markDefaults } from "./routing/mark-defaults.ts";
import { openRouting } from "./routing/open-routing.ts";
import { isRouting } from "./routing/routing-settings.ts";
import { openFront, type Addresses, type Front, type FrontParts } from "./front.ts";
import type { HttpModels } from "./http/http-models.ts";
import { listModels } from "./list-models.ts";
import { loadInTime } from "./load-in-time.ts";
import type { Log } from "./log/log.ts";
import { createMetrics, type Metrics } from "./metrics/metrics.ts";
import { createModelHolder, type ModelHolder } from "./model-holder.ts";
import { openRepository, type OpenedRepository } from "./repository/open-repository.ts";
import type { Load } from "./model-version.ts";
import type { Readiness } from "./health/readiness.ts";
import { settlesWithin } from "./settles-within.ts";

export interface ServeParts {
  readonly load: Load;
  readonly log: Log;
}

export interface Serving extends Addresses, AdminPorts, AsyncDisposable {
  /** Resolves after the first look at the models, whatever was there; rejects when `bundle` cannot be served. */
  readonly started: Promise<void>;
  /** Not ready, wait, no new calls, finish those in flight, close the models. Idempotent. */
  close(): Promise<void>;
}

/** Models have `drainMs` to close, like calls; without calls to wait for they still need some time. */
const minCloseMs = 1_000;

/** Listens at once, not ready; loads the models; then is ready. */
export async function startServe(config: ServeConfig, { load, log }: ServeParts): Promise<Serving> {
  const host = createHost("server");
  const metrics = createMetrics(log);
  /** Models stop changing. */
  const stopping = new AbortController();
  const { signal } = stopping;
  const holder = createHolder(config, {
    host,
    metrics,
    load,
    log,
    signal,
    changed: () => refresh(),
  });
  const routing = isRouting(config)
    ? await openOwnRouting(config, { host, metrics, log, signal })
    : undefined;
  const backend = routing?.backend ?? host;
  const repository = openRepository(config, {
    host,
    holder,
    ownArms: () => routing?.backend.versions() ?? [],
    log,
    signal,
  });
  metrics.models.watchUnloadable(() => repository.models?.unloadable() ?? new Map());
  const models = httpModels({ host, holder, router: routing?.backend });
  const parts = { backend, models, metrics, log, hold: repository.hold };
  const { front, admin } = await openAll(config, parts, routing?.control);
  const { readiness, addresses } = front;
  const refresh = () => readiness.refresh();
  logListening(log, { ...addresses, ...admin });
  const loading = startModels(config, { holder, readiness, repository });
  // Whoever closes before the start is over waits for it there.
  loading.started.catch(() => {});

  async function shutDown(): Promise<void> {
    log.info("draining");
    stopping.abort();
    await front.drain();
    const ending = [loading.following, routing?.following, routing?.control.close()];
    const closed = Promise.allSettled(ending.filter((one) => one !== undefined)).then(() =>
      backend.close(),
    );
    // A load or a run that is stuck in native code would never let go.
    const closeMs = Math.max(config.drainMs, minCloseMs);
    if (!(await settlesWithin(closeMs, closed)))
      log.warn("models did not close in time; leaving them", { closeMs });
    await front.close();
    log.info("stopped");
  }

  let closing: Promise<void> | undefined;
  const close = () => (closing ??= shutDown());
  return {
    ...addresses,
    ...admin,
    started: loading.started,
    close,
    [Symbol.asyncDispose]: close,
  };
}

const noAdmin: AdminPorts = { adminPort: undefined, adminHttpPort: undefined };

/** Listens everywhere, or nowhere. */
async function openAll(config: ServeConfig, parts: FrontParts, control: ControlPlane | undefined) {
  let front: Front | undefined;
  try {
    front = await openFront(config, parts);
    return { front, admin: (await control?.begin(front.addresses)) ?? noAdmin };
  } catch (error) {
    await front?.drain();
    await control?.close();
    await front?.close();
    throw error;
  }
}

type OwnRoutingParts = Pick<HolderParts, "host" | "metrics" | "log" | "signal">;

/** A router before this process's own versions. */
async function openOwnRouting(
  config: ServeConfig,
  { host, metrics, log, signal }: OwnRoutingParts,
) {
  const { router, following } = await openRouting([{ backend: host, class: "cpu" }], config, {
    metrics,
    signal,
    models: () => host.list().map(({ model }) => model),
  });
  const parts = { routed: routedBy(router), metrics, log };
  return { backend: router, following, control: await openControlPlane(config, parts) };
}

interface HolderParts extends ServeParts {
  readonly host: Host;
  readonly metrics: Metrics;
  /** Told that a model came or went. */
  readonly changed: () => void;
  readonly signal: AbortSignal;
}

/** A holder whose changes reach metrics and health. */
function createHolder(
  { loadTimeoutMs }: ServeConfig,
  { host, metrics, load, log, signal, changed }: HolderParts,
): ModelHolder {
  return createModelHolder({
    host,
    load: loadInTime(load, { timeoutMs: loadTimeoutMs, log }),
    log,
    loadOptions: {
      signal,
      versionsLoaded: (model) => host.list().filter((one) => one.model === model).length,
      meterFor: (by) => metrics.models.meterFor(by),
      lost(by, why, restartMs) {
        metrics.models.lost(by);
        log.error("session died; another takes its place", { ...by, restartMs, error: why });
      },
      abandoned: (by, why) => log.error("sessions hang and are left behind", { ...by, error: why }),
    },
    observer: {
      loaded(version) {
        metrics.models.loaded(version);
        changed();
      },
      unloaded(version) {
        metrics.models.unloaded(version);
        changed();
      },
      failed: () => metrics.models.failed(),
    },
  });
}

interface Listing extends Pick<HolderParts, "host"> {
  readonly holder: ModelHolder;
  readonly router: Router | undefined;
}

function httpModels({ host, holder, router }: Listing): HttpModels {
  return {
    list: () => markDefaults(listModels(host, holder), router),
    idType(model, version) {
      const held = version === "" ? holder.findAny(model) : holder.find(model, version);
      return held?.info.idType;
    },
  };
}

interface ModelParts {
  readonly readiness: Readiness;
  readonly holder: ModelHolder;
  readonly repository: OpenedRepository;
}

interface Models {
  readonly started: Promise<void>;
  /** Settles when nothing is being loaded any more: after the signal aborted. */
  readonly following: Promise<void>;
}

function startModels(
  { models: root, bundle }: ServeConfig,
  { holder, readiness, repository: { models: repository } }: ModelParts,
): Models {
  const look = async () => {
    // A folder that is missing from the start is a wrong path; later it is something to sit out.
    if (root !== undefined) await readdir(root);
    await (repository?.refresh() ?? holder.load(bundle!));
    readiness.started();
  };
  const started = look();
  const following = started.then(
    () => repository?.follow(),
    () => {},
  );
  return { started, following };
}
