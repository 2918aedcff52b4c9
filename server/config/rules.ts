import type { Config } from "./settings.ts";

/** What settings demand of each other; one complaint for each demand that is not met. */
export function rulesBroken(config: Config): string[] {
  const { models, bundle, tlsCertificate, tlsKey, tlsClientAuthority } = config;
  const isOnSocket = config.host.startsWith("unix:");
  const rules: readonly (readonly [isBroken: boolean, complaint: string])[] = [
    [models === undefined && bundle === undefined, "nothing to serve: give models or bundle"],
    [models !== undefined && bundle !== undefined, "models and bundle exclude each other"],
    [
      (tlsCertificate === undefined) !== (tlsKey === undefined),
      "tlsCertificate and tlsKey need each other",
    ],
    [
      tlsClientAuthority !== undefined && tlsCertificate === undefined,
      "tlsClientAuthority needs tlsCertificate and tlsKey",
    ],
    [
      !isOnSocket && config.port !== 0 && config.port === config.metricsPort,
      `port and metricsPort are both ${config.port}`,
    ],
    [
      isOnSocket && !/^unix:\/./.test(config.host),
      `host is ${JSON.stringify(config.host)}; a unix socket needs an absolute path, e.g. unix:/run/crossfade.sock`,
    ],
  ];
  return rules.filter(([isBroken]) => isBroken).map(([, complaint]) => complaint);
}
