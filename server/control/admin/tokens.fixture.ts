import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Folder } from "../router.fixture.ts";
import { roles, type Role } from "./role.ts";
import { digestOf, makeToken } from "./token.ts";

/** One of each role, who is named after it. */
export const tokens = Object.fromEntries(roles.map((role) => [role, makeToken()])) as Record<
  Role,
  string
>;

export const lineOf = (name: string, token: string, more: object = {}) =>
  JSON.stringify({ name, role: name, sha256: digestOf(token)!.toString("hex"), ...more });

export async function writeTokens(folder: Folder, ...more: readonly string[]): Promise<string> {
  const file = join(folder.path, "tokens");
  const lines = roles.map((role) => lineOf(role, tokens[role]));
  await writeFile(file, [...lines, ...more].join("\n"));
  return file;
}

export const shows = (token: string) => ({
  metadata: new Map([["authorization", `Bearer ${token}`]]),
});
