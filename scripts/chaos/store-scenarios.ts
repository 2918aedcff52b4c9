import { setTimeout as sleep } from "node:timers/promises";
import type { AdminAnswer } from "./ask-admin.ts";
import { weighed } from "./documents.ts";
import type { FrontRouter } from "./front-router.ts";
import type { Scenario } from "./scenarios.ts";
import type { Stage } from "./stage.ts";
import type { StoreStage } from "./store-stage.ts";
import { waitUntil } from "./wait-until.ts";

/** What may befall Redis, and routers on the way to it. Calls never notice. */
const hangMs = 20_000;
const healMs = 10_000;

export const storeScenarios: readonly Scenario[] = [
  {
    name: "store-hang",
    about: `SIGSTOP of Redis for ${hangMs / 1_000} s, and SIGCONT`,
    store: "redis",
    servers: "plain",
    from: 1 / 6,
    async happen(stage) {
      const { store, claim } = opened(stage);
      store.redis.freeze();
      const frozen = sleep(hangMs);
      await claimUnwritable(stage);
      await frozen;
      store.redis.thaw();
      claim(await isWritable(stage), "weights could not be changed 10 s after Redis went on");
    },
  },
  {
    name: "store-kill",
    about: "kill -9 of Redis, and its restart with its data",
    store: "redis",
    servers: "plain",
    from: 1 / 6,
    async happen(stage) {
      const { store, claim } = opened(stage);
      const before = await revisionOf(stage.router);
      await store.redis.kill();
      await claimUnwritable(stage);
      await stage.at(1 / 2);
      await store.redis.restart("kept");
      claim(await isWritable(stage), "weights could not be changed 10 s after Redis was back");
      const after = await revisionOf(stage.router);
      claim(after > before, `the revision went from ${before} to ${after}`);
    },
  },
  {
    name: "store-lost",
    about: "kill -9 of Redis, and its restart with nothing; adopt",
    store: "redis",
    servers: "plain",
    from: 1 / 6,
    async happen(stage) {
      const { store, router, claim } = opened(stage);
      const before = await revisionOf(router);
      await store.redis.kill();
      await stage.at(1 / 3);
      await store.redis.restart("empty");
      const refused = await lastOf(
        () => router.ask("setWeights", { basisPoints: { canary: 1 }, dryRun: true }),
        ({ json }) => JSON.stringify(json).includes("adopt"),
      );
      const isTold = refused.status >= 400 && JSON.stringify(refused.json).includes("adopt");
      claim(isTold, toldAs("a change", refused));
      claim((await revisionOf(router)) === before, "the router took an older revision");
      const adopt = ["adopt", "playlists", "--reason", "Redis lost it"];
      const { exitCode, said } = await store.rollout(router.admin, ...adopt);
      claim(exitCode === 0, `adopt ended with ${exitCode}: ${said}`);
      const adopted = await revisionOf(router);
      claim(adopted > before, `adopt left revision ${adopted}, not above ${before}`);
      claim(await isWritable(stage), "weights could not be changed after adopt");
    },
  },
  {
    name: "store-late",
    about: "routers start while Redis is down: with a snapshot, and with nothing",
    store: "redis",
    servers: "plain",
    from: 1 / 12,
    async happen(stage) {
      const { store, router, claim } = opened(stage);
      const revision = await revisionOf(router);
      const early = await store.openRouter("early");
      claim(await hasRevision(early, revision), "a new router did not hear of the rollout");
      await early[Symbol.asyncDispose]();
      await store.redis.kill();
      const [again, fresh] = await Promise.all([
        store.openRouter("early"),
        store.openRouter("fresh"),
      ]);
      claim(
        await hasRevision(again, revision),
        "a router started without Redis forgot its snapshot",
      );
      claim((await fresh.standing()).status === 404, "a router without a snapshot has a rollout");
      await stage.at(1 / 2);
      await store.redis.restart("kept");
      for (const one of [again, fresh])
        claim(await hasRevision(one, revision), "a router did not hear of the rollout afterwards");
    },
  },
  {
    name: "partition",
    about: "one of two routers cannot reach Redis: --wait names it",
    store: "redis",
    servers: "plain",
    from: 1 / 6,
    async happen(stage) {
      const { store, router, claim } = opened(stage);
      const proxy = await store.openProxy();
      const far = await store.openRouter("far", { store: `redis://${proxy.address}` });
      const revision = await revisionOf(router);
      claim(
        await hasRevision(far, revision),
        "a router behind a proxy did not hear of the rollout",
      );
      claim(await isKnownTo(router, far), "a router did not hear of another one");
      proxy.set({ blackhole: "all" });
      const weights = ["set", "weight", "canary=3000bp", "playlists", "--reason", "chaos"];
      await stage.changing(weighed(stage.document(), 3_000), async () => {
        const { exitCode, said } = await store.rollout(router.admin, ...weights, "--wait", "5s");
        claim(exitCode === 1, `--wait ended with ${exitCode} though a router was cut off: ${said}`);
        claim(said.includes("far"), `--wait did not name the router that was cut off: ${said}`);
      });
      proxy.set({});
      const next = await revisionOf(router);
      claim(await hasRevision(far, next), "a router did not catch up when its way was free");
    },
  },
];

function opened(stage: Stage): Stage & { readonly store: StoreStage } {
  return { ...stage, store: stage.store! };
}

/** Says so instead of hanging, and soon. */
async function claimUnwritable({ router, document, claim }: Stage): Promise<void> {
  // A write that is given up may still happen: this one changes nothing for anybody.
  const answer = await router.ask("apply", { distribution: document() });
  claim(answer.status === 503, toldAs("a change", answer));
  const { status } = await router.standing();
  claim(status === 200, `a look at the rollout was answered with ${status}`);
}

/** A little more for the canary. What was asked for may have been in force from the first attempt on. */
async function isWritable({ document, changing, router }: Stage): Promise<boolean> {
  const next = weighed(document(), 2_001);
  let isDone = false;
  await changing(next, async () => {
    isDone = await waitUntil(() => router.apply(next).then(() => true), healMs);
  });
  return isDone;
}

async function revisionOf(router: FrontRouter): Promise<number> {
  const { json } = await router.standing();
  const { revision = 0 } = (json["rollout"] ?? {}) as { revision?: string | number };
  return Number(revision);
}

/** Routes by it, by its own account. */
function hasRevision(router: FrontRouter, revision: number): Promise<boolean> {
  return waitUntil(async () => (await routedBy(router)) >= revision, healMs);
}

function isKnownTo(router: FrontRouter, other: FrontRouter): Promise<boolean> {
  return waitUntil(async () => (await routersKnownTo(router)).has(other.name), healMs);
}

async function routedBy(router: FrontRouter): Promise<number> {
  return (await routersKnownTo(router)).get(router.name) ?? 0;
}

/** Their revisions, by name. */
async function routersKnownTo(router: FrontRouter): Promise<ReadonlyMap<string, number>> {
  const { json } = await router.standing();
  const routers = (json["routers"] ?? []) as readonly { router: string; revision?: string }[];
  return new Map(routers.map((one) => [one.router, Number(one.revision ?? 0)]));
}

/** Asked again for as long as a router may need to notice. */
async function lastOf(
  ask: () => Promise<AdminAnswer>,
  isRight: (answer: AdminAnswer) => boolean,
): Promise<AdminAnswer> {
  let last = await ask();
  await waitUntil(async () => isRight((last = await ask())), healMs);
  return last;
}

function toldAs(what: string, { status, json }: AdminAnswer): string {
  return `${what} was answered with ${status} ${JSON.stringify(json)}`;
}
