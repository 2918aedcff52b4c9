import { expect, test } from "vitest";
import { openScripted, type Script } from "../scripted-server.fixture.ts";
import { checkReference } from "./check-reference.ts";
import { readReference } from "./reference.ts";

const options = { inFlight: 4, signal: new AbortController().signal, onProgress: () => {} };

/** 70 playlists of one to five tracks, so that not all come in one call. */
const lines = Array.from({ length: 70 }, (_, at) => {
  const tracks = Array.from({ length: 1 + (at % 5) }, (_, i) => ({
    title: `song ${at + i}`,
    artist: "",
  }));
  return JSON.stringify({ tracks, top: topOf(tracks.map(({ title }) => title)) });
});
const cases = readReference(lines.join("\n"), "reference.jsonl");

function topOf(titles: readonly string[]): readonly (readonly [string, number])[] {
  const best = Math.max(...titles.map((title) => Number(title.slice(5))));
  return [
    [`t${best}`, 2],
    ["t0", 1],
  ];
}

const right: Script["answer"] = ({ tracks }) => ({
  items: topOf(tracks.map(({ title }) => title)).map(([id, score]) => ({ id, score })),
});

async function checked(answer: Script["answer"]) {
  await using server = await openScripted({ family: "cold-start", answer });
  const result = await checkReference(server.side, cases, options);
  return { result, asked: server.asked };
}

test("playlists by name: the same alone, together, and in any order of tracks", async () => {
  const { result, asked } = await checked(right);
  expect(result).toMatchObject({ users: 70, kind: "playlists", worst: 0, different: [] });
  expect(
    result.again.map(({ asked: count, different, failed }) => [count, different, failed]),
  ).toEqual([
    [70, [], []],
    [56, [], []],
    [56, [], []],
  ]);
  expect(asked.slice(0, 70).every(({ history, topK }) => history.length === 0 && topK === 2)).toBe(
    true,
  );
});

test("an answer that depends on the order of tracks is found out", async () => {
  const { result } = await checked((request) => ({
    items: [{ id: request.tracks[0]!.title, score: 1 }],
  }));
  const [together, reversed, drawn] = result.again;
  expect(together!.different).toEqual([]);
  expect(reversed!.different).toHaveLength(56);
  expect(drawn!.different.length).toBeGreaterThan(28);
});

test("an answer that depends on who else is asked about is found out, be it by its last bit", async () => {
  const { result } = await checked((request, mates = 1) => {
    const { items } = right(request);
    return { items: items!.map((item) => ({ ...item, score: mates > 1 ? 1.0000001 : 1 })) };
  });
  const [together, reversed] = result.again;
  expect(together!.different).toHaveLength(70);
  expect(reversed!.different).toEqual([]);
});

test("a sequence's order is kept: only its company changes", async () => {
  const sequence = { user_id: "ana", sequence: ["3", "1"], top: [["t3", 1]] };
  const own = readReference(JSON.stringify(sequence), "reference.jsonl");
  await using server = await openScripted({
    answer: ({ history }) => ({ items: [{ id: `t${history[0]}`, score: 1 }] }),
  });
  const result = await checkReference(server.side, own, options);
  expect(result.again.map(({ how, different }) => [how, different])).toEqual([
    ["64 in a call", []],
  ]);
});

test.each([
  ["nothing that is asked", '{"top":[["a",1]]}'],
  ["tracks without names", '{"tracks":[{"title":1}],"top":[["a",1]]}'],
  ["no tracks", '{"tracks":[],"top":[["a",1]]}'],
])("a line with %s", (_, line) => {
  expect(() => readReference(line, "reference.jsonl")).toThrow("reference.jsonl:1: expected");
});
