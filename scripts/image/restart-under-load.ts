import { listenerId } from "../../loadtest/world/create-world.ts";
import type { CallRecord } from "../chaos/call-record.ts";
import { startCaller } from "../chaos/caller.ts";
import type { CallerReport } from "../chaos/caller-process.ts";
import { freePort } from "../chaos/free-port.ts";
import { monotonicMs } from "../chaos/monotonic-ms.ts";
import { type Container, type Exit, runContainer, untilReady } from "./container.ts";
import type { WayToRun } from "./engine.ts";
import { type Judged, judgeRestarts } from "./judge-restarts.ts";

export interface RestartOptions {
  readonly image: string;
  /** The folder of a model named "playlists" for 600 listeners. */
  readonly models: string;
  readonly perSecond: number;
}

/** A container, and where it answers. */
interface Placed {
  readonly container: Container;
  readonly address: string;
  readonly metricsPort: number;
}

interface Stage extends AsyncDisposable {
  readonly servers: readonly Placed[];
  readonly router: Placed;
}

const model = "playlists";
const sliceMs = 5_000;
/** Far above what a call takes: a machine that builds images beside it is slow, and that is not what is looked at. */
const deadlineMs = 10_000;
const userIds = Array.from({ length: 600 }, (_, listener) => listenerId(listener));

/** Each of two servers is stopped and started again, one after the other, while calls go through a router; then that is stopped. */
export async function restartUnderLoad(way: WayToRun, options: RestartOptions): Promise<Judged> {
  say("Starting two servers and a router");
  await using stage = await openStage(way, options);
  const { servers, router } = stage;
  const memoryLimits = await Promise.all(servers.map(({ container }) => memoryLimitOf(container)));

  const { perSecond } = options;
  say(`${perSecond} calls a second, while both servers restart`);
  await using caller = startCaller();
  const order = { model, userIds, perSecond, forMs: sliceMs, deadlineMs, connections: 2 };
  const direct = await caller.run({ ...order, address: servers[0]!.address, forMs: 1_000 });
  const restarted = new AbortController();
  const calling = callUntil(restarted.signal, () =>
    caller.run({ ...order, address: router.address }),
  );
  const exits: Exit[] = [];
  for (const server of servers) exits.push(await restart(server));
  const backMs = monotonicMs();
  restarted.abort();
  const calls = await calling;
  exits.push(await router.container.stop());
  return judgeRestarts({ direct, calls, exits, backMs, memoryLimits });
}

/** Slice after slice, and one more when it is over. */
async function callUntil(
  over: AbortSignal,
  callSlice: () => Promise<CallerReport>,
): Promise<CallerReport> {
  const calls: CallRecord[] = [];
  while (!over.aborted) calls.push(...(await callSlice()));
  return [...calls, ...(await callSlice())];
}

async function openStage(way: WayToRun, { image, models }: RestartOptions): Promise<Stage> {
  const placed: Placed[] = [];
  const close = async () => {
    for (const { container } of placed) await container[Symbol.asyncDispose]();
  };
  const place = async (role: string, flags: readonly string[]) => {
    const [port, metricsPort] = await Promise.all([freePort(), freePort()]);
    const ports = [`--port=${port}`, `--metrics-port=${metricsPort}`, "--http-port=off"];
    const name = `crossfade-check-${process.pid}-${placed.length}-${role}`;
    const args = [role, ...flags, ...ports];
    const container = await runContainer(way, { image, name, args, models });
    const one = { container, address: `127.0.0.1:${port}`, metricsPort };
    placed.push(one);
    await untilReady(container, metricsPort);
    return one;
  };
  try {
    const serve = ["--models=/models", "--drain-delay-ms=2s"];
    const servers = [await place("serve", serve), await place("serve", serve)];
    const addresses = servers.map(({ address }) => address).join(",");
    const admin = ["--admin-port=off", "--admin-http-port=off"];
    const router = await place("route", [`--servers=${addresses}`, ...admin]);
    return { servers, router, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function restart({ container, metricsPort }: Placed): Promise<Exit> {
  const exit = await container.stop();
  await container.start();
  await untilReady(container, metricsPort);
  return exit;
}

/** As it stands in its own control group, of either version. */
async function memoryLimitOf(container: Container): Promise<number> {
  const files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
  const text = `import { existsSync, readFileSync } from "node:fs";
console.log(readFileSync(${JSON.stringify(files)}.find(existsSync), "utf8").trim());`;
  return Number(await container.evaluate(text));
}

function say(what: string): void {
  process.stderr.write(`${what}\n`);
}
