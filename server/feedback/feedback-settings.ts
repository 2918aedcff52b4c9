import type { ConfigOf } from "../config/schema.ts";
import {
  bytes,
  choice,
  duration,
  optional,
  orWord,
  path,
  set,
  type Kind,
} from "../config/setting.ts";
import { storeUrl, storeUrlMisfit } from "../config/store-url.ts";
import { feedbackPassword } from "./stream/stream-settings.ts";

const isUrl = (text: string) => /^[a-z+]+:\/\//i.test(text);

/** A folder, or a stream in Redis. */
export const feedbackPlace: Kind<string> = {
  allowed: `a folder, ${storeUrl.allowed}`,
  format: (value) => value,
  parse: (raw) => (typeof raw === "string" && isUrl(raw) ? storeUrl : path).parse(raw),
};

const day = 86_400_000;

/** How a stream is reached: for the server and for whoever reads it later. */
export const feedbackAccess = {
  feedbackPasswordFile: optional(
    path,
    `file with the password of that Redis; else it may be in ${feedbackPassword}`,
  ),
  feedbackTlsAuthority: optional(
    path,
    "PEM file; the certificate of that Redis must be signed by this authority (with rediss://)",
  ),
};

/** What every process that takes feedback can be told about it. */
export const feedbackSettings = {
  feedback: set(orWord("off", feedbackPlace), "off", "where feedback is kept"),
  ...feedbackAccess,
  feedbackAck: set(
    choice(["synced", "received"]),
    "synced",
    "when feedback in Redis is acknowledged: on its disk, or when Redis has it, which its crash may lose",
  ),
  feedbackMaxBytes: set(
    bytes({ min: 2 ** 20, max: 2 ** 50 }),
    2 ** 30,
    "all that is kept there; more feedback is refused",
  ),
  feedbackKeepMs: set(
    duration({ min: day, max: 3_660 * day }),
    90 * day,
    "older feedback is removed",
  ),
  feedbackSyncMs: set(
    duration({ min: 0, max: 1_000 }),
    20,
    "from one sync to the next; feedback is acknowledged when it was synced",
  ),
};

export type FeedbackConfig = ConfigOf<typeof feedbackSettings>;

/** See `Schema.rulesBroken`. */
export function feedbackRulesBroken(config: FeedbackConfig): readonly string[] {
  const { feedback, feedbackAck: ack } = config;
  const inRedis = isUrl(feedback);
  const isCluster = inRedis && feedback.includes("+cluster:");
  const rules: readonly (readonly [isBroken: boolean, complaint: string])[] = [
    [!inRedis && ack !== "synced", "feedbackAck is for feedback in Redis; a folder is synced"],
    [
      isCluster && ack === "synced",
      "feedback in a cluster cannot be known to be synced: give feedbackAck received, or one server or sentinels",
    ],
    ...accessBroken(feedback, config),
  ];
  return rules.filter(([isBroken]) => isBroken).map(([, complaint]) => complaint);
}

type Access = ConfigOf<typeof feedbackAccess>;

function accessBroken(place: string, { feedbackPasswordFile, feedbackTlsAuthority }: Access) {
  const misfit = isUrl(place) ? storeUrlMisfit(place, feedbackPassword) : undefined;
  return [
    [misfit !== undefined, misfit ?? ""],
    [
      feedbackPasswordFile !== undefined && !isUrl(place),
      "feedbackPasswordFile is for feedback in Redis",
    ],
    [
      feedbackTlsAuthority !== undefined && !place.startsWith("rediss"),
      "feedbackTlsAuthority is for feedback in Redis by TLS: rediss instead of redis",
    ],
  ] as const;
}
