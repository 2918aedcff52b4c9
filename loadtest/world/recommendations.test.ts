import { expect, test } from "vitest";
import { trainBpr } from "../../models/two-tower/train/bpr.ts";
import { holdOut } from "../../models/two-tower/train/hold-out.ts";
import { collectInteractions } from "../../models/two-tower/train/interactions.ts";
import {
  rankingQuality,
  scoreAtRandom,
  scoreByPopularity,
  scoreByVectors,
} from "../../models/two-tower/train/ranking-quality.ts";
import { createWorld } from "./create-world.ts";

const users = 1000;
const items = 500;
const world = createWorld({ listeners: users, playlists: items });
const all = collectInteractions({ users, items }, (listener) => world.follows(listener));
const { train, probes } = holdOut(all, { warm: 400, cold: 100 });
const { weights, popularity } = await trainBpr(train, { dims: 32 });

test("playlists that listeners follow later are found far more often than by popularity or chance", () => {
  for (const list of [probes.warm, probes.cold]) {
    const found = rankingQuality(list, items, scoreByVectors(weights));
    const byPopularity = rankingQuality(list, items, scoreByPopularity(popularity));
    const byChance = rankingQuality(list, items, scoreAtRandom(1));
    expect(found.hr10).toBeGreaterThan(3 * byPopularity.hr10);
    expect(found.hr10).toBeGreaterThan(3 * byChance.hr10);
    expect(found.ndcg10).toBeGreaterThan(3 * byPopularity.ndcg10);
  }
});

test("a metal listener gets metal: most of the top 10 is of the main genre", () => {
  const score = scoreByVectors(weights);
  const scores = new Float32Array(items);
  let ofMainGenre = 0;
  for (let user = 0; user < 200; user++) {
    const history = world.follows(user);
    score({ user, history, next: 0 }, scores);
    const unseen = [...scores.keys()].filter((item) => !history.includes(item));
    const top = unseen.toSorted((a, b) => scores[b]! - scores[a]!).slice(0, 10);
    const { genre } = world.tastes(user)[0]!.style;
    ofMainGenre += top.filter((item) => world.playlist(item).style.genre === genre).length;
  }
  expect(ofMainGenre / 2000).toBeGreaterThan(0.6);
});
