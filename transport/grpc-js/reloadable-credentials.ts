import { createSecureContext, type SecureContextOptions } from "node:tls";
import { ServerCredentials } from "@grpc/grpc-js";
import type { Certificates } from "../transport.ts";

/** Suites that HTTP/2 allows (RFC 9113, 9.2.2), strongest first; TLS 1.3 brings its own. */
const ciphers = [
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
].join(":");

function contextOf({ certificate, key, clientAuthority }: Certificates): SecureContextOptions {
  const authority = clientAuthority === undefined ? {} : { ca: clientAuthority };
  const context = { cert: certificate, key, ciphers, minVersion: "TLSv1.2" as const, ...authority };
  // Throws for a pair that does not fit, which grpc-js would answer by refusing every connection.
  createSecureContext(context);
  return context;
}

/** grpc-js lets the listening server follow its credentials; this is the smallest kind that changes. */
export class ReloadableCredentials extends ServerCredentials {
  readonly #asksClients: boolean;

  constructor(certificates: Certificates) {
    const asksClients = certificates.clientAuthority !== undefined;
    super({ requestCert: asksClients, rejectUnauthorized: asksClients }, contextOf(certificates));
    this.#asksClients = asksClients;
  }

  replace(certificates: Certificates): void {
    const asksClients = certificates.clientAuthority !== undefined;
    if (asksClients !== this.#asksClients) {
      throw new Error(
        `the server was started ${this.#asksClients ? "with" : "without"} client certificates; restart it to change that`,
      );
    }
    this.updateSecureContextOptions(contextOf(certificates));
  }

  override _equals(other: ServerCredentials): boolean {
    return other === this;
  }
}
