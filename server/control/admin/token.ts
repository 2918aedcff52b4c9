import { createHash, randomBytes } from "node:crypto";

const randomByteCount = 32;
const form = /^crossfade_[\w-]{43}$/;

/** A new bearer token: 256 random bits, behind a word by which scanners for leaked secrets know it. */
export function makeToken(): string {
  return `crossfade_${randomBytes(randomByteCount).toString("base64url")}`;
}

/**
 * SHA-256, of tokens of our making only: 256 random bits cannot be guessed, so that neither salt nor a slow hash would
 * add anything, and nobody can have a password of his own.
 */
export function digestOf(token: string): Buffer | undefined {
  return form.test(token) ? createHash("sha256").update(token).digest() : undefined;
}
