import { routeSchema } from "../../server/config/route-schema.ts";
import { serveSchema } from "../../server/config/serve-schema.ts";

/*
 * What values may look like: no unknown keys, and the right types. What values demand of each other is checked where the
 * chart is rendered (templates/_checks.tpl), which can say it in a sentence.
 */

export type JsonSchema = Readonly<Record<string, unknown>>;

const text = { type: "string" };
const name = { type: "string", pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", maxLength: 63 };
const flag = { type: "boolean" };
const count = { type: "integer", minimum: 1 };
const seconds = { type: "integer", minimum: 0 };
const port = { type: "integer", minimum: 1, maximum: 65_535 };
const texts = { type: "object", additionalProperties: text };
/** As Kubernetes has it, which checks it. */
const object = { type: "object" };
const objects = { type: "array", items: object };
const digest = { type: "string", pattern: "^(sha256:[0-9a-f]{64})?$" };
const quantity = { type: "string", pattern: "^[0-9]+(\\.[0-9]+)?([KMGT]i?)?$" };
const listOf = (items: JsonSchema) => ({ type: "array", items });

/** An object of these keys, and the complaint about another lists them. */
function closed(properties: JsonSchema, required: readonly string[] = []): JsonSchema {
  const names = Object.keys(properties);
  return {
    type: "object",
    additionalProperties: false,
    propertyNames: { enum: names },
    properties,
    ...(required.length > 0 && { required }),
  };
}

const secret = closed({ name: text, key: text });
const image = closed({ repository: text, tag: text, digest });
const resources = closed({ requests: object, limits: object });
const shutdown = closed({
  sleepSeconds: seconds,
  delaySeconds: seconds,
  drainSeconds: seconds,
  graceSeconds: count,
});
const placement = {
  nodeSelector: texts,
  tolerations: objects,
  affinity: object,
  priorityClassName: text,
  podAnnotations: texts,
};

/** What the chart sets itself, and what would have no effect in it. */
const ofTheChart = [
  "host",
  "port",
  "httpPort",
  "metricsPort",
  "adminHost",
  "adminPort",
  "adminHttpPort",
  "models",
  "bundle",
  "servers",
  "processes",
  "distributions",
  "state",
  "routerName",
  "provider",
  "store",
  "storePasswordFile",
  "storeTlsAuthority",
  "adminTokens",
  "overrideTokenFile",
  "tlsCertificate",
  "tlsKey",
  "tlsClientAuthority",
  "serversTlsAuthority",
  "serversTlsCertificate",
  "serversTlsKey",
  "drainMs",
  "drainDelayMs",
  "feedback",
  "feedbackPasswordFile",
  "feedbackTlsAuthority",
];

/** Settings of a command that somebody may set besides, by name. */
export function freeSettings(settings: object): readonly string[] {
  return Object.keys(settings).filter((name) => !ofTheChart.includes(name));
}

const settingsOf = (settings: object) =>
  closed(
    Object.fromEntries(
      freeSettings(settings).map((name) => [name, { type: ["string", "integer", "number"] }]),
    ),
  );

const modelImage = closed(
  // With sha256, which is a download's, so that the check can say what to write instead.
  { model: text, version: text, reference: text, pullPolicy: text, sha256: text },
  ["model", "version", "reference"],
);
const sha256 = { type: "string", pattern: "^([0-9a-f]{64})?$" };
const download = closed({ model: text, version: text, url: text, sha256 }, [
  "model",
  "version",
  "url",
]);
const models = closed({
  claim: closed({ name: text, subPath: text }),
  images: listOf(modelImage),
  downloads: listOf(download),
  downloadSize: quantity,
});

const pool = {
  class: { enum: ["cpu", "cuda", "edge"] },
  replicas: { type: "integer", minimum: 0 },
  image,
  models: { $ref: "#/definitions/models" },
  settings: { $ref: "#/definitions/serveSettings" },
  resources,
  startupSeconds: count,
  settleSeconds: seconds,
  spare: flag,
  autoscaling: closed({
    enabled: flag,
    minReplicas: count,
    maxReplicas: count,
    queueWaitMs: count,
    inFlightCalls: count,
  }),
  shutdown,
  maxUnavailable: { type: ["integer", "string"] },
  gpu: closed({ products: listOf(text), taint: text }),
  ...placement,
};

const router = closed({
  replicas: count,
  processes: count,
  settings: settingsOf(routeSchema.settings),
  resources,
  state: closed({ size: quantity, storageClass: text }),
  autoscaling: closed({
    enabled: flag,
    minReplicas: count,
    maxReplicas: count,
    inFlightCalls: count,
  }),
  shutdown,
  maxUnavailable: { type: ["integer", "string"] },
  admin: closed({ expose: flag, tokensSecret: secret }),
  overrideTokenSecret: secret,
  service: closed({
    type: { enum: ["ClusterIP", "NodePort", "LoadBalancer"] },
    annotations: texts,
  }),
  ...placement,
});

/** No upper bound: what weights sum to is said in a sentence. */
const weight = { type: "integer", minimum: 0 };
const rollout = closed(
  {
    model: text,
    salt: text,
    arms: {
      type: "array",
      minItems: 1,
      items: closed({ name: text, version: text, weight }, ["name", "version", "weight"]),
    },
    killSwitch: text,
    users: texts,
    shadow: closed({ arm: text, basisPoints: weight, maxConcurrent: count }),
  },
  ["model", "salt", "arms"],
);

const monitoring = closed({
  serviceMonitor: closed({ enabled: flag, interval: text, labels: texts }),
  prometheusRule: closed({ enabled: flag, labels: texts }),
  dashboards: closed({ enabled: flag, labels: texts }),
});

const networkPolicy = closed({
  enabled: flag,
  clients: objects,
  admins: objects,
  monitoring: objects,
  storePeers: objects,
  storePorts: listOf(port),
  downloadPeers: objects,
  downloadPorts: listOf(port),
});

/** values.schema.json. */
export const valuesSchema: JsonSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Values of the crossfade chart",
  description: "Made from the settings of crossfade itself by npm run helm-check -- --write",
  definitions: { models, serveSettings: settingsOf(serveSchema.settings) },
  ...closed({
    global: object,
    nameOverride: text,
    fullnameOverride: text,
    image: closed({
      repository: text,
      tag: text,
      digest,
      pullPolicy: { enum: ["Always", "IfNotPresent", "Never"] },
      pullSecrets: listOf(text),
    }),
    userId: { type: "integer", minimum: 1 },
    router,
    rollouts: listOf(rollout),
    store: closed({ url: text, passwordSecret: secret, authoritySecret: secret }),
    valkey: closed({
      enabled: flag,
      image,
      passwordSecret: secret,
      size: quantity,
      storageClass: text,
      maxMemory: text,
      resources,
    }),
    feedback: closed({ enabled: flag, url: text, passwordSecret: secret }),
    pools: listOf(closed({ name: { ...name, maxLength: 20 }, ...pool }, ["name"])),
    poolDefaults: closed(pool),
    downloader: closed({ image, resources, netrcSecret: text }),
    tls: closed({
      router: closed({ secret: text, clientCertificates: flag }),
      servers: closed({ secret: text, clientSecret: text }),
    }),
    networkPolicy,
    monitoring,
    gateway: closed({ enabled: flag, parentRefs: objects, hostnames: listOf(text) }),
    test: closed({ model: text, user: text, track: text, clientSecret: text }),
  }),
};
