import { expect, test } from "vitest";
import type { Distribution } from "../../router/distribution.ts";
import { rolloutOf } from "../../router/store/rollouts.fixture.ts";
import type { HeardReport } from "../../router/store/control-store.ts";
import { createLog } from "../log/log.ts";
import { holdRollouts } from "./held-rollouts.ts";
import { createPeers } from "./take-from-peers.ts";

const observed = { arms: {}, contradictions: 0 };
const seven = rolloutOf({ revision: 7 });

/** What a router says that goes by revision 7, with the rollout once it knows that the store lost it. */
function peer(isBehind: boolean, silentMs = 0): HeardReport {
  const toy = { revision: 7, appliedAtMs: 0, observed, load: {} };
  const models = { toy: isBehind ? { ...toy, rollout: seven } : toy };
  return { router: "a", atMs: 0, models, silentMs };
}

type Answers = readonly (readonly HeardReport[] | Error)[];

interface Terms {
  readonly stored?: number;
  readonly waitMs?: number;
}

/** A store that holds nothing, or that revision; what it says of routers, one time after the other, the last for ever. */
function openScene(answers: Answers, { stored, waitMs = 20 }: Terms = {}) {
  const applied: Distribution[] = [];
  const logged: string[] = [];
  let asked = 0;
  const held = holdRollouts(
    { apply: async (distribution) => void applied.push(distribution) },
    () => {},
  );
  const peers = createPeers({
    store: {
      async reports() {
        const answer = answers[Math.min(asked++, answers.length - 1)]!;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    followed: {
      isUp: () => true,
      stored: () => (stored === undefined ? undefined : rolloutOf({ revision: stored })),
      isUnreadable: () => false,
    },
    held,
    log: createLog({ write: (line) => void logged.push(line), isPretty: false }),
    signal: new AbortController().signal,
    patience: { everyMs: 1, heardMs: waitMs, toldMs: waitMs },
  });
  return { peers, held, applied, logged, asked: () => asked };
}

test("who starts after the store lost a rollout goes by what living routers go by", async () => {
  const { peers, held, logged } = openScene([[peer(true)]]);
  await peers.settle();
  expect(held.of("toy")).toEqual(seven);
  expect(logged.at(-1)).toContain("crossfade rollout adopt toy");
});

test("it waits for one that reports, and then tells", async () => {
  const { peers, held, logged } = openScene([[], [peer(false)], [peer(false)], [peer(true)]], {
    waitMs: 60_000,
  });
  await peers.settle();
  expect(held.revisionOf("toy")).toBe(7);
  expect(logged.filter((line) => line.includes("waiting for who goes by it"))).toHaveLength(1);
});

test("it does not wait for ever, says so, and takes it later", async () => {
  const scene = openScene([[peer(false)]]);
  await scene.peers.settle();
  expect(scene.held.of("toy")).toBeUndefined();
  expect(scene.logged.at(-1)).toContain("going on without a rollout");
  const nobody = openScene([[]]);
  await nobody.peers.settle();
  expect(nobody.logged).toEqual([]);
});

test.each<readonly [string, Answers, Terms]>([
  ["a store that holds one, whatever it is", [[peer(true)]], { stored: 3 }],
  ["routers that are not heard of any more", [[peer(true, 6_000)]], {}],
  ["reports that cannot be read", [new Error("away")], {}],
])("nothing is taken of %s", async (_, answers, terms) => {
  const { peers, applied } = openScene(answers, terms);
  await peers.settle();
  await peers.take();
  expect(applied).toEqual([]);
});

test("a higher one that is held stays", async () => {
  const { peers, held } = openScene([[peer(true)]]);
  await held.take(rolloutOf({ revision: 9 }));
  await peers.take();
  expect(held.revisionOf("toy")).toBe(9);
});
