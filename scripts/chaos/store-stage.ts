import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisProcess, startRedis } from "../../router/store/redis/redis.fixture.ts";
import { startTcpProxy, type TcpProxy } from "../../transport/tcp-proxy.ts";
import { type FrontRouter, openFrontRouter } from "./front-router.ts";
import { runToEnd, type Ended } from "./run-to-end.ts";

/** A real Redis, and routers that keep their rollouts in it. What is opened here is closed with it. */
export interface StoreStage extends AsyncDisposable {
  readonly redis: RedisProcess;
  /** One more router of the same servers. A name that comes again has the state of the one before. */
  openRouter(name: string, by?: { readonly store: string }): Promise<FrontRouter>;
  /** Between a router and Redis. */
  openProxy(): Promise<TcpProxy>;
  /** `crossfade rollout`, as a person runs it. */
  rollout(admin: string, ...args: readonly string[]): Promise<Ended>;
}

export interface Routing {
  readonly dir: string;
  readonly servers: readonly string[];
}

export async function openStoreStage({ dir, servers }: Routing): Promise<StoreStage> {
  const states = await mkdtemp(join(tmpdir(), "crossfade-states-"));
  const redis = await startRedis();
  const opened: AsyncDisposable[] = [redis];
  const keep = <One extends AsyncDisposable>(one: One) => {
    opened.unshift(one);
    return one;
  };
  return {
    redis,
    async openRouter(name, { store } = { store: redis.url }) {
      return keep(await openFrontRouter({ dir, servers, store, name, state: join(states, name) }));
    },
    openProxy: async () => keep(await startTcpProxy({ port: redis.port })),
    rollout: (admin, ...args) => runToEnd(dir, ["rollout", ...args, "--admin", admin]),
    async [Symbol.asyncDispose]() {
      // One that was frozen does not end.
      redis.thaw();
      for (const one of opened) await one[Symbol.asyncDispose]();
      await rm(states, { recursive: true, force: true });
    },
  };
}
