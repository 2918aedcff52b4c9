import { expect, test } from "vitest";
import { trainBpr } from "./bpr.ts";
import { clusteredInteractions, clusterOf, clusters } from "./clustered.fixture.ts";
import { choicesOf } from "./interactions.ts";
import { collectPassedOver } from "./passed-over.ts";
import { scoreByVectors } from "./ranking-quality.ts";

const items = 300;
const all = clusteredInteractions({ users: 400, items });

test("what somebody chose at some time he has not passed over", () => {
  const passedOver = collectPassedOver(all, (user) => [...choicesOf(all, user), 7, 7, 299]);
  const seven = choicesOf(all, 0).includes(7) ? [] : [7];
  const last = choicesOf(all, 0).includes(299) ? [] : [299];
  expect([...passedOver.passed.subarray(0, passedOver.offsets[1])]).toEqual([...seven, ...last]);
});

test("an item that is none is named", () => {
  expect(() => collectPassedOver(all, () => [items])).toThrow("user 0 passed over item 300 of 300");
});

/** Of each user's own cluster, which he would else be given. */
const disliked = (user: number) =>
  [0, 1, 2, 3].map((i) => (user % clusters) + clusters * ((user + 7 * i) % (items / clusters)));
const passedOver = collectPassedOver(all, disliked);
const settings = { dims: 16, epochs: 20 };

/** The mean rank of what users passed over among all that is of their cluster and was not chosen: 0 first, 1 last. */
async function rankOfDisliked(options: object): Promise<number> {
  const { weights } = await trainBpr(all, { ...settings, ...options });
  const score = scoreByVectors(weights);
  const scores = new Float32Array(items);
  let sum = 0;
  let count = 0;
  for (let user = 0; user < all.users; user++) {
    score({ user, history: new Int32Array(), next: 0 }, scores);
    const chosen = new Set(choicesOf(all, user));
    const own = [...scores.keys()].filter(
      (item) => clusterOf(item) === clusterOf(user) && !chosen.has(item),
    );
    const ranked = own.toSorted((a, b) => scores[b]! - scores[a]!);
    for (const item of disliked(user).filter((one) => !chosen.has(one))) {
      sum += ranked.indexOf(item) / (ranked.length - 1);
      count += 1;
    }
  }
  return sum / count;
}

test("what users passed over falls behind what is like it", async () => {
  expect(await rankOfDisliked({})).toBeLessThan(0.6);
  expect(await rankOfDisliked({ passedOver, passedShare: 0 })).toBeLessThan(0.6);
  expect(await rankOfDisliked({ passedOver })).toBeGreaterThan(0.7);
  expect(await rankOfDisliked({ passedOver, threads: 2 })).toBeGreaterThan(0.7);
});

test("a share that is none is refused", async () => {
  await expect(trainBpr(all, { ...settings, passedOver, passedShare: 1.5 })).rejects.toThrow(
    "passedShare is 1.5, not from 0 to 1",
  );
});
