import { join } from "node:path";
import { startRedis } from "../../../router/store/redis/redis.fixture.ts";
import { cpuTimes } from "../live/process-figures.ts";
import { freePort } from "../../chaos/free-port.ts";
import { type CrossfadeProcess, startCrossfade } from "../live/crossfade-process.ts";

/** A router that takes feedback, and what keeps it: that can be killed. */
export interface SinkProcess extends AsyncDisposable {
  /** For gRPC. */
  readonly address: string;
  /** For `crossfade feedback export`. */
  readonly place: string;
  /** CPU time of the router so far, killed ones included. */
  routerCpuMs(): number;
  /** kill -9 of what keeps feedback; resolves when it is back. */
  crash(): Promise<void>;
}

export interface SinkOptions {
  /** Of the compiled sources. */
  readonly dir: string;
  /** A folder for what it keeps. */
  readonly root: string;
}

export const sinkKinds = ["spool", "stream"] as const;
export type SinkKind = (typeof sinkKinds)[number];

export const openSink: Readonly<Record<SinkKind, (options: SinkOptions) => Promise<SinkProcess>>> =
  {
    async spool(options) {
      const place = join(options.root, "spool");
      const router = await openRouter(options, place);
      return { ...router, place };
    },
    async stream(options) {
      const redis = await startRedis({ config: ["appendfsync always"] });
      const router = await openRouter(options, redis.url);
      return {
        ...router,
        place: redis.url,
        async crash() {
          await redis.kill();
          await redis.restart("kept");
        },
        async [Symbol.asyncDispose]() {
          await router[Symbol.asyncDispose]();
          await redis[Symbol.asyncDispose]();
        },
      };
    },
  };

const off = ["http-port", "metrics-port", "admin-port", "admin-http-port"].map(
  (name) => `--${name}=off`,
);

/** No server is behind it: feedback needs none. */
async function openRouter({ dir, root }: SinkOptions, place: string) {
  const port = await freePort();
  const state = join(root, "state");
  const flags = ["--servers=127.0.0.1:1", `--port=${port}`, `--state=${state}`, ...off];
  let router: CrossfadeProcess;
  let earlierMs = 0;
  const cpuMs = () => earlierMs + cpuTimes(router.pid).allMs;
  const start = async () => {
    router = startCrossfade({ dir, args: ["route", ...flags, "--feedback", place] });
    await router.logged(({ message }) => message === "listening");
  };
  await start();
  return {
    address: `127.0.0.1:${port}`,
    routerCpuMs: cpuMs,
    async crash() {
      earlierMs = cpuMs();
      router.signal("SIGKILL");
      await router.ended;
      await start();
    },
    [Symbol.asyncDispose]: () => router[Symbol.asyncDispose](),
  };
}
