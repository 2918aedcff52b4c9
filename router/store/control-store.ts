import type { ServingError } from "../../proto/serving-error.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { RouterReport } from "../observe/router-report.ts";
import type { Silence } from "../observe/silence.ts";

/**
 * Where rollouts are kept, and who is told of them. Nothing that answers a call waits for it: routers follow it and go on
 * with what they have. Failures are ServingErrors: UNAVAILABLE when it cannot be reached, ABORTED for a lost
 * compare-and-set.
 */
export interface ControlStore {
  /** For people; holds no secrets. */
  readonly name: string;
  read(model: string): Promise<Rollout | undefined>;
  list(): Promise<Listing>;
  /**
   * Compare and set: only when what is kept has the revision `expected` (0: nothing is kept), and only to a higher one.
   * Otherwise ABORTED, with the revision that is there, and who wrote it, when and why. A write that timed out may have
   * happened: written again with the same audit id, it counts as done.
   */
  write(rollout: Rollout, expected: number): Promise<void>;
  /** Newest first. */
  history(model: string, page: HistoryPage): Promise<readonly AuditEntry[]>;
  /** Adds an entry about a change that was no write, e.g. one router's own; once for each audit id. */
  note(rollout: Rollout): Promise<void>;
  /**
   * Calls back with every rollout that is kept, soon after it was written and again whenever all are read; older ones may
   * come after newer ones. Settles when the signal aborts. What goes wrong goes to `onState`.
   */
  follow(follower: StoreFollower, signal: AbortSignal): Promise<void>;
  /** What this router is doing. */
  report(report: RouterReport): Promise<void>;
  /**
   * The newest of each router that did not leave: who is not heard of may be cut off, and still serve. After an hour, or
   * when too many others came since, it is forgotten. Two processes of one name are two, unless one followed the other.
   */
  reports(): Promise<readonly HeardReport[]>;
  /** This router stops, or is known to be gone: nobody need wait for it. Until it reports again. */
  leave(router: string, instance?: string): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}

export interface StoreFollower {
  onRollout(rollout: Rollout): void;
  /** "up": all there is could be asked for. Told when it changes. */
  onState(state: "up" | "down", cause?: unknown): void;
  /**
   * All that is kept was read, and told: rollouts of these models. What is kept of others cannot be read. Each time, not
   * only when they change.
   */
  onRead?(models: readonly string[], unreadable: readonly Unreadable[]): void;
}

export interface Listing {
  readonly rollouts: readonly Rollout[];
  readonly unreadable: readonly Unreadable[];
}

/** A model whose rollout is damaged (DATA_LOSS, INVALID_ARGUMENT) or was written by a newer build (FAILED_PRECONDITION). */
export interface Unreadable {
  readonly model: string;
  readonly why: ServingError;
}

export type HeardReport = RouterReport & Silence;

export interface HistoryPage {
  readonly limit: number;
  /** Only entries of revisions below this one. */
  readonly below?: number;
  /** Of entries as they are kept: when there are so many, the page ends with the revision it has come to. */
  readonly maxBytes?: number;
  /** Only entries whose audit id begins with it; the others are not even parsed. */
  readonly auditIdPrefix?: string;
}

/** One change; each entry's hash covers the one before, so that none can be taken out or altered unseen. */
export interface AuditEntry {
  readonly oldRevision: number;
  /** As it was written: who, when and why are in `changed`. */
  readonly rollout: Rollout;
  /** Hexadecimal SHA-256 of the entry before; 64 zeros for the first. */
  readonly previousHash: string;
  readonly hash: string;
}
