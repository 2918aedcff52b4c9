import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { chain, firstHash, verifyChain } from "./audit-chain.ts";
import type { AuditEntry } from "./control-store.ts";
import { rolloutOf } from "./rollouts.fixture.ts";

/** Newest first. */
function chainOf(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let revision = 1; revision <= length; revision++) {
    const rollout = rolloutOf({ revision }, { auditId: `audit-${revision}` });
    const previousHash = entries[0]?.hash ?? firstHash;
    entries.unshift(chain(previousHash, { oldRevision: revision - 1, rollout }));
  }
  return entries;
}

const length = 6;
const entries = chainOf(length);
const kept = entries[0]!.rollout;
const place = fc.integer({ min: 0, max: length - 1 });

test("a hash that anybody can compute", () => {
  const rollout = rolloutOf({}, { auditId: "a" });
  const { hash } = chain(firstHash, { oldRevision: 0, rollout });
  const content =
    '{"oldRevision":0,"rollout":{"changed":{"atMs":1767323045000,"auditId":"a","by":"alice","from":"10.0.0.1",' +
    '"reason":"more of the new","verb":"set weight"},"distribution":{"arms":[{"name":"stable","ranges":[[0,9500]],' +
    '"version":"1","weight":9500},{"name":"canary","ranges":[[9500,10000]],"version":"2","weight":500}],"format":1,' +
    '"model":"toy","revision":1,"salt":"blend"},"format":1,"state":{"phase":"steady"}}}';
  expect(hash).toBe(createHash("sha256").update(`${firstHash}\n${content}`).digest("hex"));
});

test("a chain as it was made is in order, in full and in any part", () => {
  expect(verifyChain(entries, kept)).toEqual([]);
  fc.assert(
    fc.property(place, place, (from, to) => {
      expect(verifyChain(entries.slice(from, to))).toEqual([]);
    }),
  );
});

test("what was altered is found, whatever it was", () => {
  const alterations: readonly ((entry: AuditEntry) => AuditEntry)[] = [
    (entry) => ({ ...entry, oldRevision: entry.oldRevision + 1 }),
    (entry) => ({
      ...entry,
      rollout: { ...entry.rollout, changed: { ...kept.changed, by: "eve" } },
    }),
    (entry) => ({ ...entry, previousHash: entry.previousHash.replace(/^./, (c) => other(c)) }),
    (entry) => ({ ...entry, hash: entry.hash.replace(/.$/, (c) => other(c)) }),
    (entry) => {
      const distribution = { ...entry.rollout.distribution, killSwitch: "canary" };
      return { ...entry, rollout: { ...entry.rollout, distribution } };
    },
  ];
  fc.assert(
    fc.property(place, fc.constantFrom(...alterations), (at, alter) => {
      const forged = entries.map((entry, i) => (i === at ? alter(entry) : entry));
      expect(verifyChain(forged)[0]).toMatch(/was altered|was taken out/);
    }),
  );
});

test("what was altered and given a fitting hash no longer fits the next one", () => {
  const { previousHash, ...rest } = entries[2]!;
  const forged = chain(previousHash, { ...rest, rollout: rolloutOf({ revision: 4 }) });
  expect(verifyChain(entries.with(2, forged))).toEqual([
    "between the change that made revision 4, " +
      `${forged.rollout.changed.auditId}, and the change that made revision 5, audit-5, something was taken out`,
  ]);
});

test("what was taken out is found: from the middle, and from the end by what the store holds", () => {
  fc.assert(
    fc.property(fc.subarray(entries, { minLength: 1, maxLength: length - 1 }), (left) => {
      const isOldestOnly = left.every((entry, i) => entry === entries[i]);
      expect(verifyChain(left, kept).length > 0).toBe(!isOldestOnly);
    }),
  );
  expect(verifyChain([], kept)).toEqual([
    "the change that made revision 6, audit-6, was taken out",
  ]);
});

test("notes are links like others", () => {
  const noted = chain(entries[0]!.hash, {
    oldRevision: length,
    rollout: rolloutOf({ revision: length }),
  });
  expect(verifyChain([noted, ...entries], kept)).toEqual([]);
  expect(verifyChain([noted, ...entries.slice(1)], kept)).toHaveLength(2);
});

function other(digit: string): string {
  return digit === "0" ? "1" : "0";
}
