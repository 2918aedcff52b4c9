import type { HeldVersion } from "../../proto/held-versions.ts";

export interface VersionsInUseOptions {
  /** How long a version counts as used after it was last asked for or held; 0: none does. */
  readonly keepUsedMs: number;
  /** What is loaded, and when it was last asked for by name. */
  readonly loaded: () => readonly (HeldVersion & { readonly askedMs: number })[];
  /** What the arms of this process's own rollouts have. */
  readonly ownArms: () => readonly HeldVersion[];
  /** What is not there cannot be held: so nobody makes this remember names without end. */
  readonly isOnDisk: (held: HeldVersion) => boolean;
  /** On the clock of `performance.now()`. */
  readonly nowMs: () => number;
}

/** The versions that somebody counts on, however old they are. */
export interface VersionsInUse {
  /** Routers say what their arms have, again and again. */
  readonly hold: (versions: readonly HeldVersion[]) => void;
  readonly of: (model: string) => ReadonlySet<string>;
}

/** An arm has its version for as long as it stands; a router that fell silent, and callers, are waited for. */
export function createVersionsInUse(options: VersionsInUseOptions): VersionsInUse {
  const { keepUsedMs, loaded, ownArms, isOnDisk, nowMs } = options;
  /** By model, then version: when a router held it last. */
  const held = new Map<string, Map<string, number>>();

  const isRecent = (sinceMs: number) => nowMs() - sinceMs < keepUsedMs;

  function heldOf(model: string): readonly string[] {
    const versions = held.get(model);
    if (versions === undefined) return [];
    for (const [version, sinceMs] of versions) if (!isRecent(sinceMs)) versions.delete(version);
    if (versions.size === 0) held.delete(model);
    return [...versions.keys()];
  }

  return {
    hold(versions) {
      if (keepUsedMs === 0) return;
      for (const one of versions) {
        if (!isOnDisk(one)) continue;
        const ofModel = held.get(one.model) ?? new Map<string, number>();
        held.set(one.model, ofModel.set(one.version, nowMs()));
      }
    },
    of(model) {
      const asked = loaded().filter(({ askedMs }) => isRecent(askedMs));
      return new Set([...namesOf(model, [...ownArms(), ...asked]), ...heldOf(model)]);
    },
  };
}

function namesOf(model: string, versions: readonly HeldVersion[]): readonly string[] {
  return versions.filter((one) => one.model === model).map(({ version }) => version);
}
