import type { Member } from "./member.ts";

/** Knows for each version the best rung that has held it, so that an answer from a lower one can be called what it is. */
export interface FirstChoice {
  /** Why this endpoint is less than the first choice; "" when it is not. */
  degraded(member: Member, model: string, version: string): string;
}

export function createFirstChoice(members: readonly Member[]): FirstChoice {
  const best = new Map<string, Pick<Member, "rung" | "class">>();
  return {
    degraded(member, model, version) {
      const key = JSON.stringify([model, version]);
      const holders = members.filter(({ backend }) => backend.isReady(model, version));
      for (const holder of [member, ...holders])
        if (holder.rung < (best.get(key)?.rung ?? Infinity))
          best.set(key, { rung: holder.rung, class: holder.class });
      const first = best.get(key)!;
      return member.rung > first.rung ? `${member.class} for ${first.class}` : "";
    },
  };
}
