import { ServingError } from "../../proto/serving-error.ts";
import type { Metadata } from "../call.ts";
import type { Field, HpackEncoder } from "./hpack/encoder.ts";

/** What the transport writes itself, or HTTP/2 does not have. */
const reserved = new Set([
  "connection",
  "content-length",
  "content-type",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
  "user-agent",
]);
const secrets = new Set(["authorization", "cookie", "proxy-authorization"]);

/** The headers that many calls share. Their block is encoded once for each connection, and again when its table changes. */
export class RequestHeaders {
  readonly path: string;
  readonly #fields: readonly Field[];
  #encoder: HpackEncoder | undefined;
  #generation = 0;
  #block: Buffer = Buffer.alloc(0);

  constructor(path: string, fields: readonly Field[]) {
    this.path = path;
    this.#fields = fields;
  }

  blockFor(encoder: HpackEncoder): Buffer {
    if (encoder !== this.#encoder || encoder.generation !== this.#generation) {
      this.#encoder = encoder;
      // From before: a block that adds to the table is not to be sent twice.
      this.#generation = encoder.generation;
      this.#block = encoder.encode(this.#fields);
    }
    return this.#block;
  }
}

export interface Target {
  readonly scheme: "http" | "https";
  readonly authority: string;
}

/** Throws INVALID_ARGUMENT. */
export function requestHeaders(
  path: string,
  { scheme, authority }: Target,
  metadata?: Metadata,
): RequestHeaders {
  if (!/^\/[!-~]*$/.test(path))
    throw new ServingError(
      "INVALID_ARGUMENT",
      `the path ${JSON.stringify(path)} cannot be called; it must look like /package.Service/Method`,
    );
  const fields: Field[] = [
    { name: ":method", value: "POST" },
    { name: ":scheme", value: scheme },
    { name: ":path", value: path },
    { name: ":authority", value: authority },
    { name: "te", value: "trailers" },
    { name: "content-type", value: "application/grpc" },
    { name: "grpc-accept-encoding", value: "identity" },
    { name: "user-agent", value: "grpc-node-crossfade" },
  ];
  return new RequestHeaders(path, metadata ? [...fields, ...metadataFields(metadata)] : fields);
}

/** Throws INVALID_ARGUMENT. */
export function metadataFields(metadata: Metadata): Field[] {
  return Array.from(metadata, ([key, value]) => {
    const name = key.toLowerCase();
    const isOwn = reserved.has(name) || name.startsWith("grpc-");
    if (isOwn) throw refused(key, "the transport writes that itself");
    if (!/^[0-9a-z_.-]+$/.test(name)) throw refused(key, "a key has letters, digits, _, . and -");
    if (!/^[ -~]*$/.test(value))
      throw refused(
        key,
        "a value has printable ASCII characters; other bytes need a key that ends in -bin, and base64",
      );
    return { name, value, isSecret: secrets.has(name) };
  });
}

function refused(key: string, why: string): ServingError {
  return new ServingError(
    "INVALID_ARGUMENT",
    `metadata ${JSON.stringify(key)} cannot be sent: ${why}`,
  );
}

const timeoutUnits = [
  ["m", 1],
  ["S", 1_000],
  ["M", 60_000],
  ["H", 3_600_000],
] as const;
/** Eight digits are all that gRPC allows. */
const largestAmount = 99_999_999;

/** A `grpc-timeout`: as exact as it can be said, and never too short. */
export function timeoutText(timeoutMs: number): string {
  for (const [unit, unitMs] of timeoutUnits) {
    const amount = Math.max(1, Math.ceil(timeoutMs / unitMs));
    if (amount <= largestAmount) return `${amount}${unit}`;
  }
  return `${largestAmount}H`;
}
