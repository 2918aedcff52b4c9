import { createHash, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { MayOverride } from "../../router/override.ts";

const bearer = "Bearer ";
const leastCharacters = 16;

/** Whoever sends the token of the file as `authorization: Bearer TOKEN` may choose an arm; without a file, nobody may. */
export async function readOverrideRole(file: string | undefined): Promise<MayOverride> {
  if (file === undefined) return () => false;
  const token = (await readFile(file, "utf8")).trim();
  if (token.length < leastCharacters) {
    throw new Error(`the token in ${file} is too short: at least ${leastCharacters} characters`);
  }
  const expected = digest(token);
  return ({ metadata }) => {
    const given = metadata.get("authorization");
    // Digests have one length, and comparing them takes the same time wherever they differ.
    return (
      given?.startsWith(bearer) === true &&
      timingSafeEqual(digest(given.slice(bearer.length)), expected)
    );
  };
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
