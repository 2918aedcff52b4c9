import { createDoor, type Door } from "../../../transport/door.ts";
import { startServer } from "../../../transport/open.ts";
import type {
  Certificates,
  Method,
  ServerOptions,
  TransportServer,
} from "../../../transport/transport.ts";
import { followCertificates, readCertificates, type CertificateFiles } from "../../certificates.ts";
import { createHealth } from "../../health/health.ts";
import { healthService } from "../../health/health-service.ts";
import {
  startHttpServer,
  type HttpServer,
  type HttpServerOptions,
} from "../../http/http-server.ts";
import { openApiRoute } from "../../http/open-api.ts";
import { probeRoutes } from "../../http/probe-routes.ts";
import type { Route } from "../../http/route.ts";
import { listenBy } from "../../listen-by.ts";
import { logFailure } from "../../log/log-failure.ts";
import type { Log } from "../../log/log.ts";
import type { Metrics } from "../../metrics/metrics.ts";
import { reflectionService } from "../../reflection/reflection.ts";
import type { Control } from "../control.ts";
import { createAuditNotes } from "./audit-notes.ts";
import { refuseOtherHosts } from "./host-guard.ts";
import { openGuard, type Guard } from "./open-guard.ts";
import { createOperations } from "./operations.ts";
import { createPerform } from "./perform.ts";
import { rolloutRoutes } from "./rollout-routes.ts";
import { rolloutService } from "./rollout-service.ts";
import { createWatching } from "./watching.ts";

export interface AdminOptions {
  readonly control: Control;
  /** Other than this machine: with `certificates` and `credentials` only. */
  readonly host: string;
  /** 0: any free port. */
  readonly grpcPort: number | "off";
  /** The same as JSON. */
  readonly httpPort: number | "off";
  /** File of who may do what, read again when it changes; absent: whoever is on this machine may do everything. */
  readonly credentials?: string | undefined;
  /** Absent: plain text. */
  readonly certificates?: CertificateFiles | undefined;
  /** How often files are read. */
  readonly pollMs: number;
  /** Default 100. */
  readonly maxWatchers?: number;
  readonly metrics: Pick<Metrics, "observeCalls" | "http">;
  readonly log: Log;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly nowMs?: () => number;
}

export interface Admin {
  /** Undefined: off. */
  readonly grpcPort: number | undefined;
  readonly httpPort: number | undefined;
  /** Ends watches, lets calls in flight finish for so long, stops listening. Idempotent. */
  close(graceMs: number): Promise<void>;
}

const maxMessageBytes = 2 * 2 ** 20;
const maxConnections = 256;
/** Half of them: another address always gets in. */
const maxPerAddress = 128;
const strangerGraceMs = 10_000;

/** Rejects, and listens nowhere, when it cannot listen or when strangers could do everything. */
export async function startAdmin(options: AdminOptions): Promise<Admin> {
  const { host, log, certificates: files, pollMs } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const nowMs = options.nowMs ?? Date.now;
  const certificates = files && (await readCertificates(files));
  const asksClients = certificates?.clientAuthority !== undefined;
  const door = createDoor({ maxConnections, maxPerAddress, graceMs: strangerGraceMs });
  const given = { host, door, log, pollMs, credentials: options.credentials, signal, nowMs };
  const guard = await openGuard({ ...given, isTls: certificates !== undefined, asksClients });
  const services = createServices(options, { guard, signal, nowMs });
  const listeners = await listen(options, { ...services, guard, certificates, door }).catch(
    (error: unknown) => {
      stopping.abort();
      throw error;
    },
  );
  const { grpc, http } = listeners;
  const following = follow(options, { ...listeners, certificates, signal });

  async function stop(graceMs: number): Promise<void> {
    stopping.abort();
    await Promise.all([grpc?.close(graceMs), http?.close(graceMs)]);
    await Promise.all([following, guard.done, services.done]);
  }

  let closing: Promise<void> | undefined;
  return {
    grpcPort: grpc?.port,
    httpPort: http?.port,
    close: (graceMs) => (closing ??= stop(graceMs)),
  };
}

interface Services {
  readonly methods: readonly Method[];
  readonly routes: readonly Route[];
  /** Settles after the signal aborted. */
  readonly done: Promise<void>;
}

interface ServiceParts {
  readonly guard: Guard;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
}

function createServices(
  { control, log, maxWatchers = 100 }: AdminOptions,
  { guard: { admit, isOpen }, signal, nowMs }: ServiceParts,
): Services {
  const notes = createAuditNotes({ store: control.store, log, signal });
  const operations = createOperations({ control, notes, log, nowMs });
  const watching = createWatching({ control, admit, closing: signal, maxWatchers });
  const parts = { operations, perform: createPerform(admit), watching };
  const health = createHealth();
  health.update(new Map([["", true]]));
  const services = [...rolloutService(parts), ...healthService(health, signal)];
  const routes = [...rolloutRoutes(parts), ...probeRoutes(() => !signal.aborted)];
  const about = {
    title: "Crossfade admin",
    description: "Who gets which version. JSON as proto3 maps crossfade.admin.v1.",
    isGuarded: !isOpen,
  };
  return {
    methods: [...services, ...reflectionService(services)],
    routes: [...routes, openApiRoute(routes, about)],
    done: notes.done,
  };
}

interface Listeners {
  readonly grpc: TransportServer | undefined;
  readonly http: HttpServer | undefined;
}

interface ListenParts extends Services {
  readonly guard: Guard;
  readonly certificates: Certificates | undefined;
  readonly door: Door;
}

async function listen(options: AdminOptions, parts: ListenParts): Promise<Listeners> {
  const http = await listenHttp(options, parts);
  try {
    return { http, grpc: await listenGrpc(options, parts) };
  } catch (error) {
    await http?.close(0);
    throw error;
  }
}

const adminListening = { hostSetting: "adminHost", mayBeOff: true };

async function listenGrpc(
  { host, grpcPort, metrics, log }: AdminOptions,
  { methods, certificates, door }: ListenParts,
): Promise<TransportServer | undefined> {
  if (grpcPort === "off") return undefined;
  const options: ServerOptions = {
    host,
    port: grpcPort,
    maxMessageBytes,
    door,
    ...(certificates && { certificates }),
    onCall: metrics.observeCalls(methods),
    onFailure: (error, path) => logFailure(log, error, { path }),
  };
  const listening = { ...adminListening, setting: "adminPort", host, port: grpcPort };
  return listenBy(listening, () => startServer(methods, options));
}

async function listenHttp(
  { host, httpPort, metrics, log }: AdminOptions,
  { routes, certificates, guard, door }: ListenParts,
): Promise<HttpServer | undefined> {
  if (httpPort === "off") return undefined;
  const options: HttpServerOptions = {
    host,
    port: httpPort,
    maxBodyBytes: maxMessageBytes,
    maxConnections,
    door,
    beforeBody: (call) => guard.admit.recheck(call),
    requestTimeoutMs: 10_000,
    maxConnectionAgeMs: 300_000,
    meter: metrics.http,
    ...(certificates && { certificates }),
    ...(guard.isOpen && { refuse: refuseOtherHosts }),
    onFailure: ({ error, ...where }) => logFailure(log, error, where),
  };
  const listening = { ...adminListening, setting: "adminHttpPort", host, port: httpPort };
  return listenBy(listening, () => startHttpServer(routes, options));
}

interface FollowParts extends Listeners {
  readonly certificates: Certificates | undefined;
  readonly signal: AbortSignal;
}

async function follow(
  { certificates: files, log, pollMs }: AdminOptions,
  { grpc, http, certificates: current, signal }: FollowParts,
): Promise<void> {
  if (files === undefined || current === undefined) return;
  const replace = (next: Certificates) => {
    grpc?.setCertificates(next);
    http?.setCertificates(next);
  };
  await followCertificates({ files, current, log, pollMs, signal, replace });
}
