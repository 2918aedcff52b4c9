import { ServingError } from "../../../proto/serving-error.ts";
import type { Rollout } from "../../../router/rollout/rollout.ts";
import type { ControlStore } from "../../../router/store/control-store.ts";
import type { Log } from "../../log/log.ts";
import { repeat } from "../repeat.ts";
import { unlessDown } from "./rollout-status.ts";

export interface AuditNotesOptions {
  readonly store: Pick<ControlStore, "note">;
  readonly log: Log;
  /** Default 1,000. */
  readonly retryMs?: number;
  readonly signal: AbortSignal;
}

/** Notes about what was done without the store, which it is told of as soon as it can be reached. */
export interface AuditNotes {
  /** False: not yet. */
  add(note: Rollout): Promise<boolean>;
  /** Settles after the signal aborted. */
  readonly done: Promise<void>;
}

const maxWaiting = 1_000;

export function createAuditNotes(options: AuditNotesOptions): AuditNotes {
  const { store, log, retryMs = 1_000, signal } = options;
  const waiting: Rollout[] = [];

  /** Oldest first, as far as it goes. */
  async function catchUp(): Promise<void> {
    for (let note = waiting[0]; note !== undefined && !signal.aborted; note = waiting[0]) {
      const isNoted = await write(note).catch((error: unknown) => {
        log.error("audit note lost", { note: note?.changed, error });
        return true;
      });
      if (!isNoted) return;
      waiting.shift();
    }
  }

  /** False while the store is down. */
  async function write(note: Rollout): Promise<boolean> {
    return (await store.note(note).then(() => true, unlessDown)) ?? false;
  }

  const { done } = repeat(catchUp, { everyMs: retryMs, signal });
  return {
    done,
    async add(note) {
      if (waiting.length >= maxWaiting)
        throw new ServingError(
          "RESOURCE_EXHAUSTED",
          `${waiting.length} notes wait for the store already; bring it back first`,
        );
      if (waiting.length === 0 && (await write(note))) return true;
      waiting.push(note);
      return false;
    },
  };
}
