import { describeFileStoreKills } from "./describe-file-store-kills.ts";
import { describeOverload } from "./describe-overload.ts";
import { killFileStore } from "./file-store-kills.ts";
import { judgeOverload } from "./judge-overload.ts";
import { overloadTakesMs, playOverload } from "./overload.ts";
import type { PlayOptions } from "./play.ts";

/** What a proof came to, besides its figures. */
export interface Proven {
  readonly missed: readonly string[];
  /** Why it proves nothing. */
  readonly invalid: readonly string[];
}

/** A proof with a stage and criteria of its own. */
export interface Apart {
  readonly name: string;
  readonly about: string;
  takesMs(forMs: number): number;
  /** What it found, and that told to people. */
  play(playing: PlayOptions): Promise<{ readonly proven: Proven; readonly told: string }>;
}

const kills = 200;
const killTakesMs = 400;

export const apart: readonly Apart[] = [
  {
    name: "overload",
    about: "twice the calls that a model of 5 ms for each can answer",
    takesMs: overloadTakesMs,
    async play(playing) {
      const proven = judgeOverload(await playOverload(playing));
      return { proven, told: describeOverload(proven) };
    },
  },
  {
    name: "file-kills",
    about: `kill -9 of the writer of an embedded store, ${kills} times at random instants`,
    takesMs: () => kills * killTakesMs,
    async play() {
      const killed = await killFileStore({ kills, seed: 1 });
      const invalid = killed.acknowledged === 0 ? ["nothing was written before the kills"] : [];
      return { proven: { ...killed, invalid }, told: describeFileStoreKills(killed) };
    },
  },
];
