import type { HeaderList } from "./hpack/decoder.ts";

/** A header block as a gRPC client reads it. Blocks that are remembered are read once. */
export interface ReplyHeaders {
  /** What makes it no HTTP message at all. */
  readonly fault: string | undefined;
  /** Fields are missing: they were more than is taken. */
  readonly isTooLarge: boolean;
  /** Undefined in trailers. */
  readonly httpStatus: number | undefined;
  readonly contentType: string;
  /** A gRPC server wrote them, not some proxy. */
  readonly isGrpc: boolean;
  /** Undefined when there is none, or several; NaN when it is no number. */
  readonly grpcStatus: number | undefined;
  readonly grpcMessage: string;
  readonly fields: readonly string[];
}

const fieldName = /^:?[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const connectionFields = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

export function readReplyHeaders({ fields, bytes }: HeaderList, maxBytes: number): ReplyHeaders {
  const all = (name: string) => valuesOf(fields, name);
  const [httpStatus, ...others] = all(":status");
  const [grpcStatus] = all("grpc-status");
  const contentType = all("content-type")[0] ?? "";
  const isReply = httpStatus === "200" && /^application\/grpc($|[+;])/.test(contentType);
  return {
    fault: faultOf(fields) ?? (others.length > 0 ? "more than one :status" : undefined),
    isTooLarge: bytes > maxBytes,
    httpStatus: httpStatus === undefined ? undefined : statusNumber(httpStatus),
    contentType,
    isGrpc: isReply || grpcStatus !== undefined,
    grpcStatus: grpcStatus === undefined ? undefined : codeNumber(grpcStatus),
    grpcMessage: percentDecoded(all("grpc-message")[0] ?? ""),
    fields,
  };
}

/** What goes to the caller: all but what has been read here. Repeated fields are joined, as HTTP/2 allows. */
export function trailersOf({ fields }: ReplyHeaders): Record<string, string> {
  const trailers = new Map<string, string>();
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!;
    if (name.startsWith(":") || name === "grpc-status" || name === "grpc-message") continue;
    const value = name.endsWith("-bin") ? paddedBase64(fields[i + 1]!) : fields[i + 1]!;
    const before = trailers.get(name);
    trailers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(trailers);
}

function valuesOf(fields: readonly string[], name: string): string[] {
  return fields.filter((_, i) => i % 2 === 1 && fields[i - 1] === name);
}

function faultOf(fields: readonly string[]): string | undefined {
  let hasRegular = false;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!;
    const isPseudo = name.startsWith(":");
    if (!fieldName.test(name)) return `a field named ${JSON.stringify(name)}`;
    if (isPseudo && name !== ":status") return `${name}, which no reply has`;
    if (isPseudo && hasRegular) return ":status behind other fields";
    if (connectionFields.has(name)) return `${name}, which HTTP/2 does not have`;
    hasRegular ||= !isPseudo;
  }
  return undefined;
}

/** 0 for what is no status, so that it is none that means anything. */
function statusNumber(text: string): number {
  return /^[1-9]\d\d$/.test(text) ? Number(text) : 0;
}

function codeNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}

/** What is no percent-encoding stays as it is. */
export function percentDecoded(text: string): string {
  if (!text.includes("%") && !/[\u0080-\u00ff]/.test(text)) return text;
  const bytes = Buffer.from(text, "latin1");
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const hex = text.slice(at + 1, at + 3);
    const isEncoded = text[at] === "%" && /^[0-9a-f]{2}$/i.test(hex);
    bytes[length++] = isEncoded ? Number.parseInt(hex, 16) : bytes[at]!;
    if (isEncoded) at += 2;
  }
  return bytes.toString("utf8", 0, length);
}

/** Senders may leave the padding out. */
function paddedBase64(value: string): string {
  const parts = value
    .split(",")
    .map((part) => Buffer.from(part.trim(), "base64").toString("base64"));
  return parts.join(", ");
}
