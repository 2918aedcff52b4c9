import type { StoreFollower } from "../control-store.ts";
import type { StoreNotice } from "../store-notice.ts";
import type { Connection } from "./connection.ts";

type Sender = Pick<Connection, "send">;

/** That a restart of the server would lose all rollouts; undefined: it would not, or the server does not say. */
export async function persistenceNotice(connection: Sender): Promise<StoreNotice | undefined> {
  if ((await keepsLog(connection)) || (await keepsSnapshots(connection))) return undefined;
  return {
    level: "warn",
    message: "the store keeps nothing on its disk: a restart of it loses all rollouts",
    details: {
      todo: 'set "appendonly yes" in redis.conf, or "save 60 1"; what was lost, `crossfade rollout adopt --all` brings back from the routers',
    },
  };
}

async function keepsLog(connection: Sender): Promise<boolean> {
  return !/^aof_enabled:0/m.test(String(await connection.send("info", ["persistence"])));
}

/** Managed servers forbid CONFIG, and look after it themselves. */
async function keepsSnapshots(connection: Sender): Promise<boolean> {
  const answer = (await connection.send("config", ["get", "save"])) as readonly unknown[];
  return answer[1] !== "";
}

/** When the store is up for the first time. A server that does not say is let be. */
export function tellOnce(
  ask: () => Promise<StoreNotice | undefined>,
  onNotice: ((notice: StoreNotice) => void) | undefined,
): (follower: StoreFollower) => StoreFollower {
  let isAsked = false;

  async function tell(): Promise<void> {
    if (isAsked) return;
    isAsked = true;
    const notice = await ask().catch(() => undefined);
    if (notice !== undefined) onNotice?.(notice);
  }

  return (follower) => ({
    ...follower,
    onState(state, cause) {
      follower.onState(state, cause);
      if (state === "up") void tell();
    },
  });
}
