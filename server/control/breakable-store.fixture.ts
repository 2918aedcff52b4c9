import { ServingError } from "../../proto/serving-error.ts";
import type { ControlStore, StoreFollower } from "../../router/store/control-store.ts";

/** A store that can be made unreachable, for those who use it. */
export interface BreakableStore extends ControlStore {
  setDown(isDown: boolean): void;
  /** Everything is asked of this one from now on: what only the other one held is lost. */
  become(other: ControlStore): void;
  /** Runs before the next write. */
  beforeWrite(act: () => Promise<unknown>): void;
}

const failure = () => new ServingError("UNAVAILABLE", "the store does not answer");

export function breakable(first: ControlStore): BreakableStore {
  let store = first;
  const followers = new Set<StoreFollower>();
  let isDown = false;
  let before: (() => Promise<unknown>) | undefined;

  async function up<Result>(act: () => Promise<Result>): Promise<Result> {
    if (isDown) throw failure();
    return act();
  }

  return {
    name: first.name,
    read: (model) => up(() => store.read(model)),
    list: () => up(() => store.list()),
    write: (rollout, expected) =>
      up(async () => {
        const act = before;
        before = undefined;
        await act?.();
        return store.write(rollout, expected);
      }),
    history: (model, page) => up(() => store.history(model, page)),
    note: (rollout) => up(() => store.note(rollout)),
    report: (report) => up(() => store.report(report)),
    reports: () => up(() => store.reports()),
    leave: (router, instance) => up(() => store.leave(router, instance)),
    follow(follower, signal) {
      followers.add(follower);
      return store.follow(follower, signal);
    },
    close: () => first.close(),
    become: (other) => void (store = other),
    setDown(next) {
      isDown = next;
      for (const follower of followers) follower.onState(isDown ? "down" : "up", failure());
    },
    beforeWrite: (act) => void (before = act),
  };
}
