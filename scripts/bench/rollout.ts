import { setTimeout as delay } from "node:timers/promises";
import type { Distribution } from "../../router/distribution.ts";
import { reweigh } from "../../router/reweigh.ts";
import { firstDocument, model } from "../chaos/documents.ts";
import type { FrontRouter } from "../chaos/front-router.ts";
import { openStoreStage, type StoreStage } from "../chaos/store-stage.ts";
import { compileServer } from "./live/compile-server.ts";
import { readFlags } from "./live/flags.ts";
import { forkProcess } from "./live/fork-process.ts";
import { percentiles } from "./live/load.ts";
import { watchMachine } from "./live/machine-load.ts";
import { cpuTimes, ownCpuMs } from "./live/process-figures.ts";
import { conclude } from "./live/verdict.ts";
import { openPublishFloor } from "./rollout/publish-floor.ts";
import { movedBucket, usersByBucket } from "./rollout/ramp.ts";
import { type Moved, restMs, watchRouter } from "./rollout/watch-router.ts";
import type { UpstreamOrder, UpstreamStarted } from "./router/upstream-process.ts";
import { formatTable } from "./table.ts";

const about = `How long a change of weights takes to be effective on every router, with a real Redis and three routers in processes of their
own: from asking the admin API until each has answered a call by it, once by push, where they are asked in turn, and once by polling
alone, where one is asked for all: who is asked takes a change at once, and those before with it.`;

const flags = {
  changes: { standard: 500, help: "of each kind" },
  "per-second": { standard: 5, help: "changes" },
};

const limits = { pushP99Ms: 250, pollMs: 3_000 };
const versions = ["1", "2"];
const names = ["router-0", "router-1", "router-2"];
/** May do all but be told of changes. */
const poller = { name: "poller", password: "poll" };

interface Options {
  readonly changes: number;
  readonly "per-second": number;
}

interface Times {
  /** From asking to the answer of the admin API. */
  readonly answeredMs: readonly number[];
  /** From asking until every router had answered a call by it. */
  readonly everywhereMs: readonly number[];
  readonly floorMs: readonly number[];
}

export async function run(args: string[]): Promise<void> {
  const options = readFlags(args, about, flags);
  if (options === undefined) return;
  await using compiled = await compileServer();
  await using upstream = forkProcess(new URL("router/upstream-process.ts", import.meta.url));
  upstream.send({ model, versions } satisfies UpstreamOrder);
  const { address } = (await upstream.next()) as UpstreamStarted;
  await using stage = await openStoreStage({ dir: compiled.dir, servers: [address] });
  const machine = watchMachine(() => ownCpuMs() + cpuTimes(upstream.pid).allMs);
  const push = await measure(stage, { store: stage.redis.url, asked: names.length }, options);
  const poll = await measure(stage, { store: await pollingUrl(stage), asked: 1 }, options);
  report({ push, poll }, options, machine.describe());
}

/** Of a user of Redis who cannot subscribe. */
async function pollingUrl({ redis }: StoreStage): Promise<string> {
  const rights = ["~*", "&*", "+@all", "-subscribe", "-psubscribe", "-ssubscribe"];
  await redis.ask("ACL", "SETUSER", poller.name, "on", `>${poller.password}`, ...rights);
  process.env["CROSSFADE_STORE_PASSWORD"] = poller.password;
  return redis.url.replace("//", `//${poller.name}@`);
}

interface Way {
  readonly store: string;
  /** How many of the routers are asked, in turn: each takes its own change at once, and with it all before. */
  readonly asked: number;
}

async function measure(stage: StoreStage, way: Way, options: Options): Promise<Times> {
  const { store } = way;
  await stage.redis.ask("FLUSHALL");
  const suffix = new URL(store).username;
  const routers: FrontRouter[] = [];
  for (const name of names) routers.push(await stage.openRouter(name + suffix, { store }));
  const watches = routers.map(({ address }) => watchRouter(address, model));
  using floor = await openPublishFloor(stage.redis.port);
  try {
    let document = await begin(routers[0]!);
    const users = usersByBucket(document.salt);
    const asked: (Moved & { readonly askedMs: number; readonly answeredMs: number })[] = [];
    const floorMs: number[] = [];
    for (let i = 1; i <= options.changes; i++) {
      const askedMs = performance.now();
      const canary = Math.floor((i * 10_000) / options.changes);
      const next = await setCanary(routers[i % way.asked]!, canary);
      const moved = { user: users[movedBucket(document, next)]!, seenMs: [] };
      asked.push({ ...moved, askedMs, answeredMs: performance.now() });
      for (const watch of watches) watch.await(moved);
      document = next;
      floorMs.push(await floor.measure());
      await delay(Math.max(0, askedMs + 1_000 / options["per-second"] - performance.now()));
    }
    await Promise.all(watches.map((watch) => watch.done()));
    return {
      answeredMs: asked.map(({ askedMs, answeredMs }) => answeredMs - askedMs),
      everywhereMs: asked.map(({ askedMs, seenMs }) => Math.max(...seenMs) - askedMs),
      floorMs,
    };
  } finally {
    for (const watch of watches) watch.close();
    for (const router of routers) await router[Symbol.asyncDispose]();
  }
}

/** Nobody has the canary yet. */
async function begin(router: FrontRouter): Promise<Distribution> {
  const document = firstDocument();
  const arms = reweigh(document, { stable: 10_000, canary: 0 });
  await router.apply({ ...document, arms });
  return documentOf(await router.standing());
}

async function setCanary(router: FrontRouter, canary: number): Promise<Distribution> {
  // Routers hear of each other's changes a little later than the one that was asked; it reads the store itself.
  return documentOf(await router.ask("setWeights", { basisPoints: { canary } }));
}

function documentOf({ status, json }: { status: number; json: object }): Distribution {
  if (status !== 200) throw new Error(`the admin API answered ${status}: ${JSON.stringify(json)}`);
  return (json as { rollout: { distribution: Distribution } }).rollout.distribution;
}

function report(
  { push, poll }: Readonly<Record<"push" | "poll", Times>>,
  options: Options,
  machine: string,
): void {
  const figures = {
    push: percentiles(push.everywhereMs),
    poll: percentiles(poll.everywhereMs),
    answered: percentiles(push.answeredMs),
    "answered, polling": percentiles(poll.answeredMs),
  };
  const floors = { publish: percentiles([...push.floorMs, ...poll.floorMs]) };
  const rows = Object.entries({ ...figures, ...floors }).map(([name, { p50, p99, max }]) => [
    name,
    ...[p50, p99, max].map((ms) => ms.toFixed(1)),
  ]);
  console.log(formatTable(["ms", "p50", "p99", "max"], rows));
  console.log(`routers are asked every ${restMs} ms; ${machine}`);
  const missed = [
    ...(figures.push.p99 > limits.pushP99Ms
      ? [`by push p99 is ${figures.push.p99.toFixed(0)} ms; at most ${limits.pushP99Ms}`]
      : []),
    ...(figures.poll.max > limits.pollMs
      ? [
          `by polling alone it took up to ${figures.poll.max.toFixed(0)} ms; at most ${limits.pollMs}`,
        ]
      : []),
  ];
  conclude({
    bench: "rollout",
    figures: { ...options, ...figures },
    floors,
    limits,
    missed,
    invalid: [],
  });
}
