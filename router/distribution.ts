import { list, number, object, optional, table, text } from "../models/bundle/shape.ts";
import type { Shape } from "../models/bundle/shape.ts";
import { namePattern } from "../models/bundle/manifest.ts";
import { bucketCount } from "./bucket.ts";

/** The only format of distributions that this build reads and writes. */
export const distributionFormat = 1;

/** Buckets from `start` up to and without `end`. */
export type Range = readonly [start: number, end: number];

/** One version of a model, and whose users it gets. */
export interface Arm {
  readonly name: string;
  readonly version: string;
  /** In basis points; its ranges have as many buckets. */
  readonly weight: number;
  readonly ranges: readonly Range[];
}

/** Copies of a share of the queries, for comparison; nobody waits for their answers. */
export interface Shadow {
  readonly arm: string;
  /** Of the queries that other arms answer. */
  readonly basisPoints: number;
  /** What comes beyond that is not copied. */
  readonly maxConcurrent: number;
}

/** Who gets which version of one model. */
export interface Distribution {
  readonly format: typeof distributionFormat;
  readonly model: string;
  /** A reader takes only a higher one. 0: to begin with, until anything else is there; nothing of that is kept. */
  readonly revision: number;
  /** Changes the buckets of all users, so it stays for as long as a rollout lasts. */
  readonly salt: string;
  /** The first is the stable one: what others cannot answer goes to it. */
  readonly arms: readonly Arm[];
  /** Every query goes to this arm, whatever else is said here or asked for. */
  readonly killSwitch?: string;
  /** The arms of certain users, by user id. */
  readonly users?: Readonly<Record<string, string>>;
  readonly shadow?: Shadow;
}

export const maxArms = 16;
const maxUsers = 10_000;
const maxConcurrentShadows = 1_000;

const name = text({
  pattern: namePattern,
  allowed: "1 to 64 letters, digits and . _ -, the first a letter or a digit",
});

const revision = number({ min: 0, max: Number.MAX_SAFE_INTEGER, whole: true });
const basisPoints = number({ min: 0, max: bucketCount, whole: true });

const bounds = list(basisPoints, 2);

const range: Shape<Range> = (value, at, problems) => {
  const before = problems.length;
  const [start, end] = bounds(value, at, problems);
  const isRange = start !== undefined && end !== undefined && start < end;
  if (!isRange && problems.length === before)
    problems.push(`${at}: must be [start, end], start < end, got [${start ?? ""}, ${end ?? ""}]`);
  return [start ?? 0, end ?? 0];
};

const arm = object<Arm>({
  name,
  version: name,
  weight: basisPoints,
  ranges: list(range, bucketCount),
});

const users = table(
  {
    key: { pattern: /^[^\0]{1,256}$/u, allowed: "a user id of 1 to 256 characters" },
    minEntries: 0,
    maxEntries: maxUsers,
  },
  name,
);

const shadow = object<Shadow>({
  arm: name,
  basisPoints,
  maxConcurrent: number({ min: 1, max: maxConcurrentShadows, whole: true }),
});

/** Judges each field by itself; `distributionMisfits` judges them together. */
export const distribution = object<Distribution>({
  format: number({ min: distributionFormat, max: distributionFormat }) as Shape<
    typeof distributionFormat
  >,
  model: name,
  revision,
  salt: text({ pattern: /^[\x21-\x7e]{1,64}$/, allowed: "1 to 64 printable ASCII characters" }),
  arms: list(arm, maxArms),
  killSwitch: optional(name),
  users: optional(users),
  shadow: optional(shadow),
});
