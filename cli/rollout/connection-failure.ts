import { Code, nameOf, ServingError } from "../../proto/serving-error.ts";

const adminPort = "a router's admin port is 8503 by default";

/** By what the transport says of a connection that was never made. */
const readings: readonly (readonly [RegExp, (address: string) => string])[] = [
  [/ECONNREFUSED|ENOENT/, (address) => `nothing listens at ${address}`],
  [/Name resolution failed|ENOTFOUND/, (address) => `no host has the name in ${address}`],
  [
    /ERR_TLS_CERT_ALTNAME_INVALID/,
    (address) =>
      `the certificate that ${address} shows is for other names; write --admin with one that it has, or have it name that host too`,
  ],
  [
    /self-signed certificate|unable to (verify|get local issuer)/,
    (address) =>
      `the authority in --tls-authority did not sign the certificate that ${address} shows`,
  ],
  [/Protocol error/, (address) => `${address} is no gRPC port; ${adminPort}`],
  [
    /Failed to connect|ECONNRESET/,
    (address) =>
      `${address} closes connections at once: does it want TLS (--tls-authority)? ${adminPort}`,
  ],
];

/** Why the admin API could not be asked, for whoever typed the address; other failures as they are. */
export function explainConnection(error: ServingError, address: string): ServingError {
  const { code, message, isLost } = error;
  if (code === Code.UNIMPLEMENTED)
    return new ServingError(
      "UNIMPLEMENTED",
      `${address} has no admin API for this (${message}); is it a data port? ${adminPort}`,
      { cause: error },
    );
  if (!wasNeverSent(error)) return error;
  const why =
    code === Code.DEADLINE_EXCEEDED
      ? `${address} did not take the connection in time`
      : (readings.find(([pattern]) => pattern.test(message))?.[1](address) ??
        `cannot reach ${address}: ${message}`);
  return new ServingError(nameOf(code), why, { cause: error, isLost });
}

/** There was no connection to send it on. */
export function wasNeverSent({ code, message, isLost }: ServingError): boolean {
  if (code === Code.DEADLINE_EXCEEDED) return /Waiting for LB pick/.test(message);
  return isLost && /^(no connection: |Name resolution failed)/.test(message);
}
