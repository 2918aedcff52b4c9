import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { makeCredential } from "./make-credential.ts";
import { parseCredentials } from "./parse-credentials.ts";
import { digestOf, makeToken } from "./token.ts";

const hash = "ab".repeat(32);
const token = (hex: string) => ({ kind: "token", sha256: Buffer.from(hex, "hex") });
const line = (entry: object) => JSON.stringify({ name: "ann", role: "viewer", ...entry });

test("entries by token and by certificate, with comments and empty lines between them", () => {
  const file = [
    "# who may what",
    line({ sha256: hash }),
    "",
    line({ sha256: "cd".repeat(32), expires: "2030-01-31T12:00:00Z" }),
    line({ name: "ops", role: "admin", certificate: "URI:spiffe://cluster/ops" }),
    "",
  ].join("\n");
  expect(parseCredentials(file, "tokens")).toEqual([
    { name: "ann", role: "viewer", expiresMs: Infinity, proof: token(hash) },
    {
      name: "ann",
      role: "viewer",
      expiresMs: Date.parse("2030-01-31T12:00:00Z"),
      proof: token("cd".repeat(32)),
    },
    {
      name: "ops",
      role: "admin",
      expiresMs: Infinity,
      proof: { kind: "certificate", name: "URI:spiffe://cluster/ops" },
    },
  ]);
});

const wrong: readonly (readonly [what: string, file: string, says: string])[] = [
  ["nothing", "\n# nobody yet\n", "crossfade admin-token"],
  ["no JSON", "ann viewer", "line 1: is no JSON object"],
  ["no object", "[]", "must be an object"],
  ["an unknown role", line({ sha256: hash, role: "root" }), "viewer, operator, admin"],
  ["an unknown key", line({ sha256: hash, rôle: "x" }), "rôle: is not known"],
  ["a name with spaces", line({ sha256: hash, name: "router 1" }), "line 1.name"],
  ["neither", line({}), "either sha256 or certificate"],
  ["both", line({ sha256: hash, certificate: "CN=ann" }), "either sha256 or certificate"],
  ["a hash in capitals", line({ sha256: hash.toUpperCase() }), "lower case"],
  ["a certificate's name without its kind", line({ certificate: "ann" }), "CN=ann"],
  ["a date without a time", line({ sha256: hash, expires: "2030-01-31" }), "2030-01-31T12:00:00Z"],
  ["a date that is none", line({ sha256: hash, expires: "2030-13-45T99:00:00Z" }), "expires"],
  [
    "two roles for a name",
    `${line({ sha256: hash })}\n${line({ certificate: "CN=ann", role: "admin" })}`,
    "ann is viewer and admin",
  ],
  [
    "one token for two names",
    `${line({ sha256: hash })}\n${line({ sha256: hash, name: "bob" })}`,
    "ann and bob show the same",
  ],
];

test.each(wrong)("%s: refused", (_, file, says) => {
  expect(() => parseCredentials(file, "tokens")).toThrow(says);
});

test("every problem at once, and never a secret", () => {
  const secret = makeToken();
  const file = `${line({ sha256: secret })}\n${secret}\n${line({ sha256: secret, role: "x" })}`;
  let message = "";
  try {
    parseCredentials(file, "tokens");
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message.split("\n  - ")).toHaveLength(5);
  expect(message).not.toContain(secret.slice(10));
});

test("tokens have 256 random bits, and only those of our making count", () => {
  const tokens = Array.from({ length: 100 }, makeToken);
  expect(new Set(tokens).size).toBe(100);
  const [first] = tokens as [string];
  expect(Buffer.from(first.slice("crossfade_".length), "base64url")).toHaveLength(32);
  expect(digestOf(first)).toEqual(createHash("sha256").update(first).digest());
  for (const other of ["", "hunter2", `${first}x`, first.slice(1), `${first.slice(0, -1)} `])
    expect(digestOf(other)).toBeUndefined();
});

test("a credential that was made is one, and its line holds no secret", () => {
  const expires = new Date("2030-01-31T12:00:00Z");
  const { token: secret, line: made } = makeCredential("ann", "operator", expires);
  expect(parseCredentials(made, "tokens")).toEqual([
    {
      name: "ann",
      role: "operator",
      expiresMs: expires.getTime(),
      proof: { kind: "token", sha256: digestOf(secret) },
    },
  ]);
  expect(made).not.toContain(secret);
  expect(parseCredentials(makeCredential("bob", "admin").line, "tokens")[0]!.expiresMs).toBe(
    Infinity,
  );
  expect(() => makeCredential("a b", "viewer")).toThrow("name");
});
