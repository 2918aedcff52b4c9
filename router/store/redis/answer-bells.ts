import { setTimeout as delay } from "node:timers/promises";
import { namePattern } from "../../../models/bundle/manifest.ts";

export interface Answering {
  /** Reads what is kept of one model, and takes that. */
  readonly read: (model: string) => Promise<void>;
  /** For what reading one model does not settle. */
  readonly readAll: () => void;
  readonly signal: AbortSignal;
}

export interface Bells {
  readonly ring: (message: string) => void;
  /** Settles when nothing is being read. */
  done(): Promise<void>;
}

const mostModels = 64;
/** Between readings, however many messages come: nobody notices so little. */
const pauseMs = 20;
const pauseAfterAllMs = 200;

/**
 * A message is no more than a bell with the name of a model on it, since a server may let publish who must not write: what
 * holds is what is kept. Each model is read once, however often it was named since it was read last. Of what is no name,
 * as older builds publish it, and of very many, all is read.
 */
export function answerBells({ read, readAll, signal }: Answering): Bells {
  const rung = new Set<string>();
  let isAllRung = false;
  let answering: Promise<void> | undefined;

  async function readOne(model: string): Promise<void> {
    try {
      await read(model);
    } catch {
      // Reading all of it tells what is wrong.
      isAllRung = true;
    }
  }

  async function answer(): Promise<void> {
    while (!signal.aborted && (isAllRung || rung.size > 0)) {
      const models = [...rung];
      rung.clear();
      await Promise.all(models.map(readOne));
      const isAll = isAllRung;
      isAllRung = false;
      if (isAll) readAll();
      await delay(isAll ? pauseAfterAllMs : pauseMs, undefined, { signal }).catch(() => {});
    }
    answering = undefined;
  }

  return {
    ring(message) {
      if (signal.aborted) return;
      const isName = namePattern.test(message) && (rung.size < mostModels || rung.has(message));
      if (isName) rung.add(message);
      else isAllRung = true;
      answering ??= answer();
    },
    done: async () => answering,
  };
}
