import type { Clock } from "../../backends/clock.ts";
import { bucketOfHash } from "../bucket.ts";
import type { Arm, Distribution } from "../distribution.ts";
import type { Observed } from "./router-report.ts";
import type { Word } from "../xxhash64.ts";
import { createOwnerOfBucket } from "./owner-of-bucket.ts";
import { createRates, type Rates } from "./rates.ts";
import { createUserSketch, type UserSketch } from "./user-sketch.ts";

/** What a router sees of one model's queries for as long as one revision holds. */
export interface Observing {
  /**
   * A query was given to an arm.
   * @param hash Of its user, if it went there by bucket.
   */
  saw(arm: Arm, hash: Readonly<Word> | undefined): void;
  observed(): Observed;
  /** By arm, queries of any kind. */
  readonly rowsPerSecond: Rates;
  /**
   * The arms by which queries go from now on, under the same revision. Users of `lowered` who come to the stable arm
   * contradict nothing.
   */
  routesBy(arms: readonly Arm[], lowered: string | undefined): void;
}

interface Seen {
  readonly name: string;
  all: number;
  byBucket: number;
  readonly users: UserSketch;
}

/** @param document That is in force, whatever this router alone makes of it. */
export function createObserving(
  document: Pick<Distribution, "arms">,
  clock: Pick<Clock, "now">,
): Observing {
  const seen = document.arms.map(({ name }): Seen => ({
    name,
    all: 0,
    byBucket: 0,
    users: createUserSketch(),
  }));
  const named = (name: string) => seen.find((one) => one.name === name);
  const ownerOf = createOwnerOfBucket(document);
  let byArm = new Map<Arm, Seen>();
  let loweredArm: Seen | undefined;
  let contradictions = 0;

  function mayHave(arm: Seen, bucket: number): boolean {
    const owner = seen[ownerOf(bucket)];
    return owner === arm || (owner !== undefined && owner === loweredArm && arm === seen[0]);
  }

  return {
    saw(arm, hash) {
      const own = byArm.get(arm);
      if (own !== undefined) own.all++;
      if (hash === undefined) return;
      if (own === undefined || !mayHave(own, bucketOfHash(hash))) contradictions++;
      if (own === undefined) return;
      own.byBucket++;
      own.users.add(hash);
    },
    observed: () => ({
      arms: Object.fromEntries(
        seen.map(({ name, byBucket, users }) => [name, { rows: byBucket, users: users.encode() }]),
      ),
      contradictions,
    }),
    rowsPerSecond: createRates(clock, () => seen.map(({ name, all }) => [name, all])),
    routesBy(arms, lowered) {
      loweredArm = lowered === undefined ? undefined : named(lowered);
      byArm = new Map(arms.map((arm) => [arm, named(arm.name)!]));
    },
  };
}
