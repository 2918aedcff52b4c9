import { Random } from "../../models/random.ts";
import type { Rollout } from "../../router/rollout/rollout.ts";

export const killedModels = ["playlists", "sequences", "tracks"];

/** Of the store that is killed: small, so that its log is turned over now and then. */
export const killedAuditBytes = 256 * 1_024;

const maxUsers = 400;

/** What belongs at that revision, and nothing else: from a few hundred bytes to some ten thousand. */
export function rolloutAt(model: string, revision: number): Rollout {
  const random = new Random(revision);
  const users = Array.from({ length: Math.floor(random.share() ** 2 * maxUsers) }, (_, i) => i);
  const canary = revision % 10_000;
  return {
    format: 1,
    distribution: {
      format: 1,
      model,
      revision,
      salt: "killed",
      arms: [
        { name: "stable", version: "1", weight: 10_000 - canary, ranges: [[canary, 10_000]] },
        { name: "canary", version: "2", weight: canary, ranges: canary > 0 ? [[0, canary]] : [] },
      ],
      users: Object.fromEntries(users.map((i) => [`user-${revision}-${i}`, "canary"])),
    },
    state: { phase: "steady" },
    changed: {
      auditId: `${model}-${revision}`,
      verb: "set weight",
      by: "the writer",
      from: "127.0.0.1",
      reason: "it will be killed",
      atMs: revision,
    },
  };
}
