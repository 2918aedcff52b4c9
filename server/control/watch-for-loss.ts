import { isDeepStrictEqual } from "node:util";
import type { Distribution } from "../../router/distribution.ts";
import type { Rollout } from "../../router/rollout/rollout.ts";
import type { Log } from "../log/log.ts";
import type { HeldRollouts } from "./held-rollouts.ts";
import type { Refused, RefusalKind } from "./refused.ts";

export interface WatchForLossOptions {
  readonly held: HeldRollouts;
  readonly log: Log;
  readonly refused: Refused;
  readonly changed: () => void;
}

/**
 * What a read began with may be older than what was pushed meanwhile: only the second one in a row says that it is so.
 * Before the first one nothing was pushed.
 */
const readsToBelieve = 2;

/** Finds models of which the store holds less than this process does, or something else by the same revision. */
export function watchForLoss(
  { held, log, refused, changed }: WatchForLossOptions,
  stored: ReadonlyMap<string, Rollout>,
) {
  /** How many reads in a row said so. */
  const reads = new Map<string, number>();
  let isFirst = true;

  function judge(mine: Distribution, weight: number): void {
    const { model, revision } = mine;
    const theirs = stored.get(model)?.distribution;
    const kind = lossOf(theirs, mine);
    const before = reads.get(model) ?? 0;
    const now = kind === undefined ? 0 : before + weight;
    reads.set(model, now);
    if (kind !== undefined && before < readsToBelieve && now >= readsToBelieve) {
      refused(model, kind);
      log.error("the store lost what this router holds; what holds stays", {
        model,
        stored: theirs?.revision ?? "none",
        held: kind === "older" ? revision : `another ${revision}`,
        todo: `crossfade rollout adopt ${model}`,
      });
      changed();
    }
    if (kind === undefined && before >= readsToBelieve) {
      log.info("the store holds what this router does again", { model, revision });
      changed();
    }
  }

  return {
    is: (model: string) => (reads.get(model) ?? 0) >= readsToBelieve,
    /** A rollout was told, and taken if it is newer. */
    told(model: string): void {
      const mine = held.of(model)?.distribution;
      if (mine !== undefined && (reads.get(model) ?? 0) > 0) judge(mine, 0);
    },
    /** Everything was read, but for what cannot be: of that nobody knows. */
    read(isUnknown: (model: string) => boolean): void {
      for (const { distribution } of held.all())
        if (distribution.revision > 0 && !isUnknown(distribution.model))
          judge(distribution, isFirst ? readsToBelieve : 1);
      isFirst = false;
    },
  };
}

function lossOf(theirs: Distribution | undefined, mine: Distribution): RefusalKind | undefined {
  if (theirs === undefined || theirs.revision < mine.revision) return "older";
  if (theirs.revision > mine.revision || isDeepStrictEqual(theirs, mine)) return undefined;
  return "conflict";
}
