import { generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import type { Certificates } from "./transport.ts";

/** An authority that lives in memory. For tests and local trials: nothing revokes what it signs. */
export interface TrialAuthority {
  /** PEM text, for `serverAuthority` and `clientAuthority`. */
  readonly certificate: string;
  /** For "localhost", 127.0.0.1 and ::1, unless it is for other names. */
  issue(commonName: string, options?: IssueOptions): Pick<Certificates, "certificate" | "key">;
}

export interface IssueOptions extends Partial<Validity> {
  /** Host names, e.g. "servers.cluster", in place of those of this machine. */
  readonly names?: readonly string[];
  /** More names, e.g. "spiffe://cluster/ann". */
  readonly uris?: readonly string[];
}

interface Validity {
  readonly from: Date;
  readonly until: Date;
}

const dayMs = 24 * 60 * 60_000;
const aDay = (): Validity => ({
  from: new Date(Date.now() - dayMs),
  until: new Date(Date.now() + dayMs),
});

const newKey = () => generateKeyPairSync("ec", { namedCurve: "P-256" });

export function createTrialAuthority(commonName = "trial authority"): TrialAuthority {
  const authority = newKey();
  const issuer = { name: commonName, key: authority.privateKey };
  const self = { name: commonName, key: authority.publicKey, extensions: [basicConstraints] };
  return {
    certificate: certificateOf(issuer, self, aDay()),
    issue(name, { names, uris = [], ...validity } = {}) {
      const { publicKey, privateKey } = newKey();
      const certificate = certificateOf(
        issuer,
        { name, key: publicKey, extensions: [alternativeNames(names, uris)] },
        { ...aDay(), ...validity },
      );
      return { certificate, key: String(privateKey.export({ type: "pkcs8", format: "pem" })) };
    },
  };
}

interface Party {
  readonly name: string;
  readonly key: KeyObject;
}

/** X.509 v3 (RFC 5280), just the fields that a TLS library insists on. */
function certificateOf(
  issuer: Party,
  subject: Party & { extensions: Buffer[] },
  validity: Validity,
): string {
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    nameOf(issuer.name),
    sequence(time(validity.from), time(validity.until)),
    nameOf(subject.name),
    subject.key.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(...subject.extensions)),
  );
  const signed = sequence(body, ecdsaWithSha256, bits(sign("sha256", body, issuer.key)));
  const lines = signed.toString("base64").replaceAll(/.{64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function tagged(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content)]), content]);
}

/** In the shortest form: some libraries refuse the others. */
function lengthOf({ length }: Buffer): readonly number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

const sequence = (...contents: Buffer[]) => tagged(0x30, ...contents);
const integer = (bytes: Buffer) => tagged(0x02, bytes);
const octets = (...contents: Buffer[]) => tagged(0x04, ...contents);
const bits = (bytes: Buffer) => tagged(0x03, Buffer.from([0]), bytes);
const identifier = (hex: string) => tagged(0x06, Buffer.from(hex, "hex"));
const nameOf = (text: string) =>
  sequence(tagged(0x31, sequence(identifier("550403"), tagged(0x0c, Buffer.from(text)))));
const time = (date: Date) =>
  tagged(0x18, Buffer.from(`${date.toISOString().replaceAll(/[-:T]|\..*/g, "")}Z`));

const ecdsaWithSha256 = sequence(identifier("2a8648ce3d040302"));
/** It may sign others. */
const basicConstraints = sequence(
  identifier("551d13"),
  octets(sequence(tagged(0x01, Buffer.from([0xff])))),
);
const thisMachine = () => [
  tagged(0x82, Buffer.from("localhost")),
  tagged(0x87, Buffer.from([127, 0, 0, 1])),
  tagged(0x87, Buffer.from([...Array<number>(15).fill(0), 1])),
];
const alternativeNames = (names: readonly string[] | undefined, uris: readonly string[]) =>
  sequence(
    identifier("551d11"),
    octets(
      sequence(
        ...(names?.map((name) => tagged(0x82, Buffer.from(name))) ?? thisMachine()),
        ...uris.map((uri) => tagged(0x86, Buffer.from(uri))),
      ),
    ),
  );
