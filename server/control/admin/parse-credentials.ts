import { object, oneOf, optional, text, type Shape } from "../../../models/bundle/shape.ts";
import { roles, type Role } from "./role.ts";

/** One way for somebody to show who he is. */
export interface Credential {
  /** As the audit names him; may have several. */
  readonly name: string;
  readonly role: Role;
  readonly proof: TokenProof | CertificateProof;
  /** Milliseconds since 1970; `Infinity`: never. */
  readonly expiresMs: number;
}

interface TokenProof {
  readonly kind: "token";
  readonly sha256: Buffer;
}

interface CertificateProof {
  readonly kind: "certificate";
  /** As `Peer.names` has it. */
  readonly name: string;
}

interface Line {
  readonly name: string;
  readonly role: Role;
  readonly sha256?: string;
  readonly certificate?: string;
  readonly expires?: string;
}

const maxCredentials = 1_000;

/** Says nothing of what is there: it may be the token itself. */
const digest: Shape<string> = (value, at, problems) => {
  const fits = typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
  if (!fits) problems.push(`${at}: must be 64 hexadecimal digits in lower case`);
  return value as string;
};

const time: Shape<string> = (value, at, problems) => {
  const isTime = typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value);
  if (!isTime || Number.isNaN(Date.parse(value)))
    problems.push(`${at}: must be a time like 2030-01-31T12:00:00Z`);
  return value as string;
};

const line = object<Line>({
  name: text({ pattern: /^[\w.@+-]{1,64}$/, allowed: "1 to 64 letters, digits and . _ @ + -" }),
  role: oneOf(roles),
  sha256: optional(digest),
  certificate: optional(
    text({
      pattern: /^(CN=|[A-Za-z][\w ]*:).{1,512}$/,
      allowed: "a name in a certificate, e.g. URI:spiffe://cluster/ann or CN=ann",
    }),
  ),
  expires: optional(time),
});

/**
 * One JSON object a line, empty lines and those that begin with # aside: `{"name":"ann","role":"operator"}` and either
 * `sha256` or `certificate`, with `expires` when it does. Throws with every problem, and shows no secrets.
 */
export function parseCredentials(file: string, source: string): readonly Credential[] {
  const problems: string[] = [];
  const credentials = file.split("\n").flatMap((written, i) => {
    const isEmpty = written.trim() === "" || written.startsWith("#");
    return isEmpty ? [] : parseLine(written, `line ${i + 1}`, problems);
  });
  if (credentials.length > maxCredentials)
    problems.push(`it has ${credentials.length} entries; at most ${maxCredentials} are read`);
  if (problems.length === 0) problems.push(...clashes(credentials));
  if (problems.length === 0 && credentials.length === 0)
    problems.push("nobody is in it; `crossfade admin-token` makes a line for somebody");
  if (problems.length === 0) return credentials;
  throw new Error(`${source} cannot be used:\n  - ${problems.join("\n  - ")}`);
}

function parseLine(written: string, at: string, problems: string[]): readonly Credential[] {
  const value = parseJson(written);
  const before = problems.length;
  if (value === undefined) problems.push(`${at}: is no JSON object`);
  const read = value === undefined ? ({} as Line) : line(value, at, problems);
  const { name, role, sha256, certificate, expires } = read;
  if (problems.length > before) return [];
  const expiresMs = expires === undefined ? Infinity : Date.parse(expires);
  if (sha256 !== undefined && certificate === undefined)
    return [
      { name, role, expiresMs, proof: { kind: "token", sha256: Buffer.from(sha256, "hex") } },
    ];
  if (certificate !== undefined && sha256 === undefined)
    return [{ name, role, expiresMs, proof: { kind: "certificate", name: certificate } }];
  problems.push(`${at}: must have either sha256 or certificate`);
  return [];
}

/** What Node says of broken JSON shows it. */
function parseJson(written: string): unknown {
  try {
    return JSON.parse(written) as unknown;
  } catch {
    return undefined;
  }
}

/** Whoever has a name has one role, and whoever shows something has one name. */
function clashes(credentials: readonly Credential[]): readonly string[] {
  const problems = new Set<string>();
  const roleOf = new Map<string, Role>();
  const nameOf = new Map<string, string>();
  for (const { name, role, proof } of credentials) {
    const other = roleOf.get(name) ?? role;
    if (other !== role) problems.add(`${name} is ${other} and ${role}; use a name for each`);
    roleOf.set(name, role);
    const shown = proof.kind === "token" ? proof.sha256.toString("hex") : proof.name;
    if (nameOf.has(shown)) problems.add(`${nameOf.get(shown)} and ${name} show the same`);
    nameOf.set(shown, name);
  }
  return [...problems];
}
