import type { Control } from "./control.ts";

/** Who wants to hear that something changed. */
export interface Watchers {
  readonly watch: Control["watch"];
  readonly tell: () => void;
  readonly isWatched: () => boolean;
}

export function createWatchers(): Watchers {
  const all = new Set<() => void>();
  return {
    watch(changed) {
      // The same function may watch twice.
      const one = () => changed();
      all.add(one);
      return () => void all.delete(one);
    },
    tell: () => all.forEach((changed) => changed()),
    isWatched: () => all.size > 0,
  };
}
