import { parseCredentials } from "./parse-credentials.ts";
import type { Role } from "./role.ts";
import { digestOf, makeToken } from "./token.ts";

export interface NewCredential {
  /** Nobody else ever knows it. */
  readonly token: string;
  /** For the file, without its end. */
  readonly line: string;
}

/** Throws when the name is none. */
export function makeCredential(name: string, role: Role, expires?: Date): NewCredential {
  const token = makeToken();
  const sha256 = digestOf(token)!.toString("hex");
  const line = JSON.stringify({ name, role, sha256, expires });
  parseCredentials(line, "the new line");
  return { token, line };
}
