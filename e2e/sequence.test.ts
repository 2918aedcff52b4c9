import { afterAll, beforeAll, expect, test } from "vitest";
import type { RecommendResponse } from "../proto/gen/crossfade/v1/recommender.ts";
import { Code } from "../proto/serving-error.ts";
import { batchRecommend, recommend, type RequestFields } from "./calls.fixture.ts";
import { openFolder, openServer, type Folder, type OpenServer } from "./open-server.fixture.ts";
import {
  buildSmallSequenceBundle,
  longestSequence,
  sequenceItems,
} from "./small-sequence-bundle.fixture.ts";

let folder: Folder;
let server: OpenServer;
beforeAll(async () => {
  folder = await openFolder();
  await buildSmallSequenceBundle({ output: folder.path, variants: ["fp32"] });
  server = await openServer(["--models", folder.path]);
}, 120_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const ask = (fields: RequestFields) => recommend(server.channel, fields);

function ranking({ items }: RecommendResponse) {
  return items.map(({ id, score }) => `${id} ${score}`);
}

function movies(count: number, step = 1): string[] {
  return Array.from({ length: count }, (_, i) => `m${(i * step) % sequenceItems}`);
}

const popular = movies(10);

test("unknown, negative and padding ids are skipped and counted, wherever they stand", async () => {
  const clean = await ask({ userId: "u3", history: ["m5", "m7", "m5"] });
  const history = ["m5", "-1", `m${sequenceItems}`, "m7", `${sequenceItems}`, "M5", "m5"];
  const found = await ask({ userId: "u3", history });
  expect(ranking(found)).toEqual(ranking(clean));
  expect(found.served).toMatchObject({
    coldStart: false,
    unknownCount: 4,
    unknownIds: ["-1", `m${sequenceItems}`, `${sequenceItems}`, "M5"],
  });
});

test("an empty id is refused by its place", async () => {
  await expect(ask({ history: ["m5", ""] })).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
    message: expect.stringContaining("history[1]"),
  });
});

test("the order of a sequence counts, and so do repeats", async () => {
  const answers = await Promise.all(
    [
      ["m5", "m7", "m9"],
      ["m9", "m7", "m5"],
      ["m5", "m7", "m9", "m9"],
    ].map(async (history) => ranking(await ask({ userId: "u3", history })).join()),
  );
  expect(new Set(answers).size).toBe(3);
});

test("of 10,000 items the last ones count; of 10,001 none", async () => {
  const long = movies(10_000, 7);
  const answer = await ask({ userId: "u1", history: long });
  const last = await ask({ userId: "u1", history: long.slice(-longestSequence) });
  expect(ranking(answer)).toEqual(ranking(last));
  await expect(ask({ history: movies(10_001) })).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
    message: expect.stringContaining("history has more than 10000 elements"),
  });
});

test.each([
  ["nothing at all", {}, true],
  ["a known user without a sequence", { userId: "u3" }, true],
  ["nothing but unknown items", { userId: "u3", history: ["x", "y"] }, true],
  ["a stranger with a sequence", { userId: "nobody", history: ["m5", "m7"] }, false],
])("%s is a cold start", async (_, fields, isPopular) => {
  const { items, served } = await ask(fields);
  expect(served!.coldStart).toBe(true);
  expect(items.map(({ id }) => id).join() === popular.join()).toBe(isPopular);
});

test("top_k beyond the catalogue gives all of it, each item once", async () => {
  const { items } = await ask({ userId: "u3", history: ["m5"], topK: 1_000 });
  expect(new Set(items.map(({ id }) => id)).size).toBe(sequenceItems);
  const scores = items.map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
});

test("excluded items never come back, however many, and there are as many others as asked for", async () => {
  const all = await ask({ userId: "u3", history: movies(30), topK: 1_000 });
  const exclude = [...all.items.slice(0, 40).map(({ id }) => id), "x"];
  const left = await ask({ userId: "u3", history: movies(30), exclude, excludeHistory: true });
  const gone = new Set([...exclude, ...movies(30)]);
  expect(ranking(left)).toEqual(
    ranking({ ...all, items: all.items.filter(({ id }) => !gone.has(id)).slice(0, 10) }),
  );
  const nothing = { history: movies(sequenceItems), excludeHistory: true };
  expect((await ask({ userId: "u3", ...nothing })).items).toEqual([]);
});

test("candidates are ranked alone, as in the catalogue; those that do not exist are counted", async () => {
  const all = await ask({ userId: "u3", history: ["m5", "m7"], topK: 1_000 });
  const candidates = ["m9", "x", "m100", "m250", "m9", "-1"];
  const { items, served } = await ask({ userId: "u3", history: ["m5", "m7"], candidates });
  const wanted = all.items.filter(({ id }) => candidates.includes(id));
  expect(items.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
  items.forEach(({ score }, i) => expect(score).toBeCloseTo(wanted[i]!.score, 4));
  expect(served!.unknownCount).toBe(2);
  const none = await ask({ userId: "u3", history: ["m5"], candidates: ["x", "y"] });
  expect(none.items).toEqual([]);
});

test("one bad sequence of a batch fails alone", async () => {
  const good = { userId: "u3", history: ["m5"] };
  const results = await batchRecommend(server.channel, [good, { history: movies(10_001) }, good]);
  expect(results.map((result) => result?.$case)).toEqual(["response", "status", "response"]);
  expect(results[2]).toEqual(results[0]);
});
