import { defaultRequestLimits } from "../../proto/request-limits.ts";
import { defaultServerLimits } from "../../transport/server-limits.ts";
import { feedbackRulesBroken, feedbackSettings } from "../feedback/feedback-settings.ts";
import { logLevels } from "../log/log.ts";
import {
  bytes,
  choice,
  duration,
  optional,
  orWord,
  path,
  port,
  cap,
  set,
  shortTime,
  text,
  waitingTime,
} from "./setting.ts";
import type { ConfigOf } from "./schema.ts";

/** What every process that listens can be told. */
export const listeningSettings = {
  pollMs: set(shortTime, 2_000, "how often the watched folder and the TLS files are read"),
  host: set(text("a host name, an address or unix:/path"), "127.0.0.1", "where gRPC listens"),
  port: set(port, 8_500, "gRPC port; 0 picks a free one"),
  httpPort: set(orWord("off", port), 8_501, "HTTP/JSON port"),
  metricsPort: set(orWord("off", port), 8_502, "HTTP port of /metrics, /healthz and /readyz"),
  maxMessageBytes: set(bytes({ min: 1_024, max: 2 ** 30 }), 4 * 2 ** 20, "largest request message"),
  maxReplyBytes: set(
    bytes({ min: 1_024, max: 2 ** 30 }),
    defaultServerLimits.maxReplyBytes,
    "largest reply message; larger ones are refused",
  ),
  maxConcurrentStreams: set(cap, 256, "calls in flight on one connection"),
  maxConnections: set(
    cap,
    defaultServerLimits.maxConnections,
    "open gRPC connections; more are closed as they come",
  ),
  maxInFlightCalls: set(
    cap,
    defaultServerLimits.maxInFlightCalls,
    "unary calls in flight on all connections; more are refused",
  ),
  maxOpenStreams: set(
    cap,
    defaultServerLimits.maxOpenStreams,
    "health watches and other streaming calls, likewise",
  ),
  maxInFlightBytes: set(
    bytes({ min: 2 ** 20, max: 2 ** 50 }),
    defaultServerLimits.maxInFlightBytes,
    "messages of gRPC calls in flight, requests and replies together; more are refused",
  ),
  maxReceiveMs: set(
    shortTime,
    defaultServerLimits.maxReceiveMs,
    "for a gRPC request to arrive after its headers",
  ),
  maxSendMs: set(shortTime, defaultServerLimits.maxSendMs, "for a caller to take a gRPC reply"),
  maxHttpConnections: set(cap, 1_024, "open HTTP connections; more are closed as they come"),
  httpRequestTimeoutMs: set(shortTime, 10_000, "for a whole HTTP request to arrive"),
  playlistModel: set(
    text("a model's name"),
    "playlists",
    "model behind POST /api/playlist/recommend/ of the HTTP port",
  ),
  movieModel: set(
    text("a model's name"),
    "movies",
    "model behind POST /predict of the HTTP port, where a sequence is sent",
  ),
  trackModel: set(
    text("a model's name"),
    "songs",
    "the same where tracks are sent: one of the family cold-start, as others refuse them",
  ),
  maxConnectionAgeMs: set(
    duration({ min: 1_000, max: 86_400_000 }),
    300_000,
    "age at which a connection is told to reconnect, +-10%",
  ),
  defaultDeadlineMs: set(shortTime, 250, "for Recommend calls that bring no deadline"),
  defaultBatchDeadlineMs: set(shortTime, 2_000, "for BatchRecommend calls that bring none"),
  maxBatchRequests: set(cap, 1_000, "requests in one BatchRecommend"),
  maxBatchResults: set(
    cap,
    100_000,
    "results that the requests of one BatchRecommend ask for together: the sum of their top_k",
  ),
  maxHistory: set(cap, defaultRequestLimits.maxHistory, "ids in history"),
  maxCandidates: set(cap, defaultRequestLimits.maxCandidates, "ids in candidates"),
  maxExclude: set(cap, defaultRequestLimits.maxExclude, "ids in exclude"),
  maxTracks: set(cap, defaultRequestLimits.maxTracks, "tracks"),
  maxTopK: set(cap, defaultRequestLimits.maxTopK, "largest top_k"),
  tlsCertificate: optional(path, "PEM file; turns TLS on; read again when it changes"),
  tlsKey: optional(path, "PEM file of its private key"),
  tlsClientAuthority: optional(path, "PEM file; clients must present a certificate that it signed"),

  ...feedbackSettings,
  drainDelayMs: set(
    waitingTime,
    0,
    "from not being ready to refusing connections, so that balancers notice",
  ),
  drainMs: set(waitingTime, 10_000, "for calls in flight when it shuts down"),
  logLevel: set(choice(logLevels), "info", "least important lines to log"),
};

export type ListeningConfig = ConfigOf<typeof listeningSettings>;

/** Ports beyond those that every process has. */
interface OtherPorts {
  readonly adminPort: number | "off";
  readonly adminHttpPort: number | "off";
}

/** See `Schema.rulesBroken`. */
export function listeningRulesBroken(
  config: ListeningConfig,
  { adminPort, adminHttpPort }: OtherPorts,
): readonly string[] {
  const { tlsCertificate, tlsKey, tlsClientAuthority } = config;
  const isOnSocket = config.host.startsWith("unix:");
  const rules: readonly (readonly [isBroken: boolean, complaint: string])[] = [
    [
      (tlsCertificate === undefined) !== (tlsKey === undefined),
      "tlsCertificate and tlsKey need each other",
    ],
    [
      tlsClientAuthority !== undefined && tlsCertificate === undefined,
      "tlsClientAuthority needs tlsCertificate and tlsKey",
    ],
    [
      config.maxInFlightBytes < Math.max(config.maxMessageBytes, config.maxReplyBytes),
      "maxInFlightBytes must have room for maxMessageBytes and for maxReplyBytes",
    ],
    ...clashes({ ...config, adminPort, adminHttpPort }).map(
      (complaint) => [true, complaint] as const,
    ),
    [
      isOnSocket && !/^unix:\/./.test(config.host),
      `host is ${JSON.stringify(config.host)}; a unix socket needs an absolute path, e.g. unix:/run/crossfade.sock`,
    ],
  ];
  const broken = rules.filter(([isBroken]) => isBroken).map(([, complaint]) => complaint);
  return [...broken, ...feedbackRulesBroken(config)];
}

/** Settings that ask for the same port. */
function clashes(config: ListeningConfig & OtherPorts): string[] {
  const { host, port, httpPort, metricsPort, adminPort, adminHttpPort } = config;
  const asked = Object.entries({
    port: host.startsWith("unix:") ? 0 : port,
    httpPort,
    metricsPort,
    adminPort,
    adminHttpPort,
  });
  const ports = asked.filter(([, value]) => value !== 0 && value !== "off");
  return ports.flatMap(([name, value], i) =>
    ports
      .slice(i + 1)
      .filter(([, other]) => other === value)
      .map(([other]) => `${name} and ${other} are both ${value}`),
  );
}
