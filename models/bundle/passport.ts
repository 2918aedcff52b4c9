import { number, object, table, text } from "./shape.ts";
import type { Shape } from "./shape.ts";

/** Ranking quality on held-out pairs. */
export interface Quality {
  readonly hr10: number;
  readonly ndcg10: number;
}

/** How a variant's top 10 compare with those of fp32, averaged over users; fp32 itself has 1, 1, 1. */
export interface Agreement {
  /** The share of fp32's top 10 that is in the variant's, in any order. */
  readonly overlap10: number;
  /** The share of users with the same first item. */
  readonly top1: number;
  /** As overlap, but an item that ties with fp32's tenth counts as found. */
  readonly recall10: number;
}

export interface Measured {
  /** How many users it was measured on. */
  readonly users: number;
  readonly metrics: Quality;
  readonly agreement: Agreement;
}

export interface Latency {
  /** The instruction set it was measured on, e.g. "avx512-vnni". */
  readonly isa: string;
  readonly threads: number;
  /** Median ms of one run, by batch size. */
  readonly batchMs: Readonly<Record<string, number>>;
}

/** What was measured of a variant when it was exported. */
export interface Passport {
  /** Of all parts that it reads. */
  readonly bytes: number;
  /** Users that the model was trained on. */
  readonly warm: Measured;
  /** Users that it has never seen, answered from their history. */
  readonly cold: Measured;
  readonly latency: Latency;
}

const share = number({ min: 0, max: 1 });

const measured: Shape<Measured> = object<Measured>({
  users: number({ min: 1, max: 1e9, whole: true }),
  metrics: object<Quality>({ hr10: share, ndcg10: share }),
  agreement: object<Agreement>({ overlap10: share, top1: share, recall10: share }),
});

const batchSize = { pattern: /^[1-9][0-9]{0,5}$/, allowed: "a batch size" };

const latency: Shape<Latency> = object<Latency>({
  isa: text({
    pattern: /^[\w.+ -]{1,64}$/,
    allowed: "up to 64 letters, digits, spaces and . _ + -",
  }),
  threads: number({ min: 1, max: 1024, whole: true }),
  batchMs: table({ key: batchSize, maxEntries: 64 }, number({ min: 0, max: 3_600_000 })),
});

export const passport: Shape<Passport> = object<Passport>({
  bytes: number({ min: 1, max: Number.MAX_SAFE_INTEGER, whole: true }),
  warm: measured,
  cold: measured,
  latency,
});
