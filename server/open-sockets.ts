import { Code, type ServingError } from "../proto/serving-error.ts";
import { startServer } from "../transport/open.ts";
import type { Method, TransportServer } from "../transport/transport.ts";
import { followCertificates, readCertificates, type CertificateFiles } from "./certificates.ts";
import type { ListeningConfig } from "./config/listening-settings.ts";
import type { Log } from "./log/log.ts";
import { startMetricsServer, type MetricsServer } from "./metrics/metrics-server.ts";
import type { Metrics } from "./metrics/metrics.ts";

export interface Sockets {
  readonly grpc: TransportServer;
  /** Absent: it is off. */
  readonly metrics?: MetricsServer;
  /** Resolves when certificates are no longer followed: after the signal aborted. */
  readonly following: Promise<void>;
}

export interface SocketParts {
  readonly methods: readonly Method[];
  readonly metrics: Metrics;
  readonly log: Log;
  /** Ends the following of certificates. */
  readonly signal: AbortSignal;
  isReady(): boolean;
}

/** Listens for gRPC and for metrics; rejects, and listens nowhere, when either cannot be. */
export async function openSockets(config: ListeningConfig, parts: SocketParts): Promise<Sockets> {
  const files = certificateFiles(config);
  const certificates = files && (await readCertificates(files));
  const metrics = await openMetrics(config, parts);
  try {
    const grpc = await startServer(parts.methods, {
      host: config.host,
      port: config.port,
      maxMessageBytes: config.maxMessageBytes,
      maxConcurrentStreams: config.maxConcurrentStreams,
      maxConnectionAgeMs: config.maxConnectionAgeMs,
      ...(certificates && { certificates }),
      onFailure: (error, path) => logFailure(parts.log, error, path),
    });
    const following =
      files && certificates
        ? followCertificates({
            files,
            current: certificates,
            log: parts.log,
            pollMs: config.pollMs,
            signal: parts.signal,
            replace: (next) => grpc.setCertificates(next),
            expires: (at) => parts.metrics.certificateExpires(at),
          })
        : Promise.resolve();
    return { grpc, following, ...(metrics && { metrics }) };
  } catch (error) {
    await metrics?.close();
    throw error;
  }
}

function certificateFiles(config: ListeningConfig): CertificateFiles | undefined {
  const { tlsCertificate, tlsKey, tlsClientAuthority } = config;
  if (tlsCertificate === undefined || tlsKey === undefined) return undefined;
  const files = { certificate: tlsCertificate, key: tlsKey };
  return tlsClientAuthority === undefined
    ? files
    : { ...files, clientAuthority: tlsClientAuthority };
}

async function openMetrics(
  config: ListeningConfig,
  parts: SocketParts,
): Promise<MetricsServer | undefined> {
  if (config.metricsPort === "off") return undefined;
  const host = config.host.startsWith("unix:") ? "127.0.0.1" : config.host;
  return startMetricsServer({
    host,
    port: config.metricsPort,
    contentType: parts.metrics.contentType,
    render: () => parts.metrics.render(),
    isReady: () => parts.isReady(),
  });
}

/** INTERNAL is a bug of ours; the rest is between callers and models, and metrics count it. */
function logFailure(log: Log, error: ServingError, path: string): void {
  if (error.code === Code.INTERNAL) log.error("call failed by a bug", { path, error });
  else log.debug("call failed", { path, error });
}
