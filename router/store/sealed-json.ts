import { createHash } from "node:crypto";
import { ServingError } from "../../proto/serving-error.ts";
import { refuseNewerFormat } from "../refuse-newer-format.ts";
import { canonicalJson } from "./canonical-json.ts";

/** What a file is, so that one is not taken for another. */
export interface SealKind {
  readonly kind: string;
  readonly format: number;
}

interface Sealed extends SealKind {
  /** Of the other three, as canonical JSON, in hexadecimal. */
  readonly sha256: string;
  readonly content: unknown;
}

/** JSON with a checksum, in lines that people can read. All formats to come keep these four fields. */
export function seal({ kind, format }: SealKind, content: unknown): string {
  const sealed: Sealed = { kind, format, sha256: digest({ kind, format }, content), content };
  return `${JSON.stringify(sealed, undefined, 1)}\n`;
}

/**
 * The content. Throws DATA_LOSS for what is torn or was altered, FAILED_PRECONDITION for a newer format or another kind.
 * @param source Names it in messages.
 */
export function unseal(json: string, expected: SealKind, source: string): unknown {
  const { kind, format, sha256, content } = parsed(json, source);
  if (sha256 !== digest({ kind, format }, content))
    throw damaged(source, "its checksum is not that of its content");
  if (kind !== expected.kind)
    throw new ServingError(
      "FAILED_PRECONDITION",
      `${source} holds "${kind}", not "${expected.kind}"`,
    );
  refuseNewerFormat(source, format, expected.format);
  return content;
}

function parsed(json: string, source: string): Sealed {
  try {
    const value = JSON.parse(json) as Sealed | null;
    if (typeof value === "object" && value !== null) return value;
  } catch (cause) {
    throw damaged(source, `it is not JSON (${String(cause)})`);
  }
  throw damaged(source, "it is not a JSON object");
}

function damaged(source: string, how: string): ServingError {
  return new ServingError("DATA_LOSS", `${source} is damaged: ${how}`);
}

function digest({ kind, format }: SealKind, content: unknown): string {
  return createHash("sha256").update(canonicalJson({ kind, format, content })).digest("hex");
}
