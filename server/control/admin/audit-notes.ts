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
  /** Throws RESOURCE_EXHAUSTED when too many wait for the store already. */
  assertRoom(): void;
  /** False: not yet. */
  add(note: Rollout): Promise<boolean>;
  /** Settles after the signal aborted. */
  readonly done: Promise<void>;
}

const maxWaiting = 1_000;

export function createAuditNotes(options: AuditNotesOptions): AuditNotes {
  const { store, log, retryMs = 1_000, signal } = options;
  const waiting: Rollout[] = [];

  /** What the store will never take is told to the log alone. */
  async function write(note: Rollout): Promise<"noted" | "lost" | "down"> {
    try {
      return (await store.note(note).then(() => "noted" as const, unlessDown)) ?? "down";
    } catch (error) {
      log.error("audit note lost", { note: note.changed, error });
      return "lost";
    }
  }

  /** Oldest first, as far as it goes. */
  async function catchUp(): Promise<void> {
    for (let note = waiting[0]; note !== undefined && !signal.aborted; note = waiting[0]) {
      if ((await write(note)) === "down") return;
      waiting.shift();
    }
  }

  const { done } = repeat(catchUp, { everyMs: retryMs, signal });
  return {
    done,
    assertRoom() {
      if (waiting.length < maxWaiting) return;
      throw new ServingError(
        "RESOURCE_EXHAUSTED",
        `${waiting.length} notes wait for the store already; bring it back first`,
      );
    },
    async add(note) {
      const outcome = waiting.length === 0 ? await write(note) : "down";
      if (outcome === "down") waiting.push(note);
      return outcome === "noted";
    },
  };
}
