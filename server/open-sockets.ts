import { startServer } from "../transport/open.ts";
import type {
  Certificates,
  Method,
  ServerOptions,
  TransportServer,
} from "../transport/transport.ts";
import { followCertificates, readCertificates, type CertificateFiles } from "./certificates.ts";
import type { ListeningConfig } from "./config/listening-settings.ts";
import { startHttpServer, type HttpServer, type HttpServerOptions } from "./http/http-server.ts";
import type { Route } from "./http/route.ts";
import { listenBy } from "./listen-by.ts";
import { logFailure } from "./log/log-failure.ts";
import type { Log } from "./log/log.ts";
import {
  startMetricsServer,
  type MetricsServer,
  type MetricsServerOptions,
} from "./metrics/metrics-server.ts";
import type { Metrics } from "./metrics/metrics.ts";

export interface Sockets {
  readonly grpc: TransportServer;
  /** Absent: it is off. */
  readonly http?: HttpServer;
  /** Absent: it is off. */
  readonly metrics?: MetricsServer;
  /** Resolves when certificates are no longer followed: after the signal aborted. */
  readonly following: Promise<void>;
}

export interface SocketParts {
  readonly methods: readonly Method[];
  readonly routes: readonly Route[];
  readonly metrics: Metrics;
  readonly log: Log;
  /** Ends the following of certificates. */
  readonly signal: AbortSignal;
  isReady(): boolean;
}

/** Listens for gRPC, for HTTP and for metrics; rejects, and listens nowhere, when any of them cannot be. */
export async function openSockets(config: ListeningConfig, parts: SocketParts): Promise<Sockets> {
  const files = certificateFiles(config);
  const certificates = files && (await readCertificates(files));
  const metrics = await openMetrics(config, parts);
  let http: HttpServer | undefined;
  try {
    http = await openHttp(config, parts, certificates);
    const grpc = await openGrpc(config, parts, certificates);
    const replace = (next: Certificates) => {
      grpc.setCertificates(next);
      http?.setCertificates(next);
    };
    const following =
      files && certificates
        ? followCertificates({
            files,
            current: certificates,
            log: parts.log,
            pollMs: config.pollMs,
            signal: parts.signal,
            replace,
            expires: (at) => parts.metrics.certificateExpires(at),
          })
        : Promise.resolve();
    return { grpc, following, ...(http && { http }), ...(metrics && { metrics }) };
  } catch (error) {
    await Promise.all([metrics?.close(), http?.close(0)]);
    throw error;
  }
}

function openGrpc(
  config: ListeningConfig,
  { methods, metrics, log }: SocketParts,
  certificates: Certificates | undefined,
): Promise<TransportServer> {
  const { host, port } = config;
  const listening = { setting: "port", port, hostSetting: "host", host, mayBeOff: false };
  const options: ServerOptions = {
    host,
    port,
    maxMessageBytes: config.maxMessageBytes,
    maxConcurrentStreams: config.maxConcurrentStreams,
    maxConnections: config.maxConnections,
    maxInFlightCalls: config.maxInFlightCalls,
    maxOpenStreams: config.maxOpenStreams,
    maxInFlightBytes: config.maxInFlightBytes,
    maxReplyBytes: config.maxReplyBytes,
    maxReceiveMs: config.maxReceiveMs,
    maxSendMs: config.maxSendMs,
    maxConnectionAgeMs: config.maxConnectionAgeMs,
    ...(certificates && { certificates }),
    onCall: metrics.observeCalls(methods),
    onFailure: (error, path) => logFailure(log, error, { path }),
  };
  return listenBy(listening, () => startServer(methods, options));
}

async function openHttp(
  config: ListeningConfig,
  { routes, metrics, log }: SocketParts,
  certificates: Certificates | undefined,
): Promise<HttpServer | undefined> {
  if (config.httpPort === "off") return undefined;
  const [host, port] = [webHost(config), config.httpPort];
  const listening = { setting: "httpPort", port, hostSetting: "host", host, mayBeOff: true };
  const options: HttpServerOptions = {
    host,
    port,
    maxBodyBytes: config.maxMessageBytes,
    maxConnections: config.maxHttpConnections,
    requestTimeoutMs: config.httpRequestTimeoutMs,
    maxConnectionAgeMs: config.maxConnectionAgeMs,
    meter: metrics.http,
    ...(certificates && { certificates }),
    onFailure: ({ error, ...where }) => logFailure(log, error, where),
  };
  return listenBy(listening, () => startHttpServer(routes, options));
}

/** Where gRPC is on a unix socket, the other ports stay on this machine too. */
export function webHost({ host }: Pick<ListeningConfig, "host">): string {
  return host.startsWith("unix:") ? "127.0.0.1" : host;
}

/** Undefined: plain text. */
export function certificateFiles(config: ListeningConfig): CertificateFiles | undefined {
  const { tlsCertificate, tlsKey, tlsClientAuthority } = config;
  if (tlsCertificate === undefined || tlsKey === undefined) return undefined;
  const files = { certificate: tlsCertificate, key: tlsKey };
  return tlsClientAuthority === undefined
    ? files
    : { ...files, clientAuthority: tlsClientAuthority };
}

/** Undefined: it is off. */
export async function openMetricsPort(
  config: ListeningConfig,
  pages: Omit<MetricsServerOptions, "host" | "port">,
): Promise<MetricsServer | undefined> {
  if (config.metricsPort === "off") return undefined;
  const [host, port] = [webHost(config), config.metricsPort];
  const listening = { setting: "metricsPort", port, hostSetting: "host", host, mayBeOff: true };
  return listenBy(listening, () => startMetricsServer({ ...pages, host, port }));
}

async function openMetrics(
  config: ListeningConfig,
  parts: SocketParts,
): Promise<MetricsServer | undefined> {
  return openMetricsPort(config, {
    contentType: parts.metrics.contentType,
    render: () => parts.metrics.render(),
    isReady: () => parts.isReady(),
  });
}
