import { passport } from "./passport.ts";
import type { Passport } from "./passport.ts";
import { anyObject, list, number, object, oneOf, table, text } from "./shape.ts";
import type { Shape } from "./shape.ts";

/** The only bundle format that this build reads and writes. */
export const bundleFormat = 1;

export const variantNames = ["fp32", "qint8", "fp16", "edge"] as const;
export type VariantName = (typeof variantNames)[number];

/** One file of a bundle. Parts with the same sha256 are the same part, in whichever bundle they lie. */
export interface Part {
  /** Relative to the bundle's folder, with forward slashes. */
  readonly file: string;
  /** Of the part itself: a bundle that reuses a part keeps the version that the part had. */
  readonly version: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** One loadable form of the model. */
export interface Variant {
  /** Part names of its graphs, by the role that the family gives them. */
  readonly graphs: Readonly<Record<string, string>>;
  /** Names of the other parts that it reads: weights that several variants may share, the catalogue. */
  readonly parts: readonly string[];
  readonly passport: Passport;
}

export interface Manifest {
  readonly format: typeof bundleFormat;
  readonly model: string;
  readonly version: string;
  readonly family: string;
  /** "int": every id is a decimal number, and JSON shows it as one. */
  readonly idType: "string" | "int";
  /** ISO 8601, UTC. */
  readonly created: string;
  /** What the family needs to know besides its parts, e.g. dimensions; the family checks it. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly parts: Readonly<Record<string, Part>>;
  readonly variants: Readonly<Partial<Record<VariantName, Variant>>>;
}

/** Names become folders, URLs and metric labels. */
export const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const name = {
  pattern: namePattern,
  allowed: "1 to 64 letters, digits and . _ -, the first a letter or a digit",
};

const filePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,127}){0,3}$/;

const part: Shape<Part> = object<Part>({
  file: text({
    pattern: filePattern,
    allowed:
      "a path inside the bundle (no .., not absolute, forward slashes, letters, digits and . _ -)",
  }),
  version: text(name),
  sha256: text({ pattern: /^[0-9a-f]{64}$/, allowed: "64 hexadecimal digits in lower case" }),
  bytes: number({ min: 1, max: 2 ** 42, whole: true }),
});

const variant: Shape<Variant> = object<Variant>({
  graphs: table({ key: name, maxEntries: 64 }, text(name)),
  parts: list(text(name), 256),
  passport,
});

export const variantName = {
  pattern: new RegExp(`^(${variantNames.join("|")})$`),
  allowed: `one of ${variantNames.join(", ")}`,
};

/** The manifest's own fields; how they refer to each other is checked apart. */
export const manifest: Shape<Manifest> = object<Manifest>({
  format: number({ min: bundleFormat, max: bundleFormat, whole: true }) as Shape<
    typeof bundleFormat
  >,
  model: text(name),
  version: text(name),
  family: text(name),
  idType: oneOf(["string", "int"]),
  created: text({
    pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/,
    allowed: "a UTC time such as 2025-01-31T12:00:00Z",
  }),
  settings: anyObject,
  parts: table({ key: name, maxEntries: 256 }, part),
  variants: table({ key: variantName, maxEntries: variantNames.length }, variant),
});
