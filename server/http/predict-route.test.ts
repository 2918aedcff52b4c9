import { expect, test } from "vitest";
import { ServingError } from "../../proto/serving-error.ts";
import { errorOf, openGateway, type OpenGateway } from "./gateway.fixture.ts";

const path = "/predict";

/** What the model is asked, while it is answered. */
async function askedFor(gateway: OpenGateway, body: string) {
  gateway.puppet.hang();
  const reply = gateway.post(path, body);
  await expect.poll(() => gateway.puppet.waiting.length).toBe(1);
  const [asked] = gateway.puppet.waiting[0]!.map((query) => query.request());
  gateway.puppet.answerNext();
  return { asked, reply: await reply };
}

test("the origin's example, numbers in and numbers out", async () => {
  await using gateway = await openGateway({ idType: "int" });
  const { asked, reply } = await askedFor(gateway, '{"user_id":1,"sequence":[3,8,15],"top_k":3}');
  expect(asked).toMatchObject({
    model: "playlists",
    userId: "1",
    history: ["3", "8", "15"],
    excludeHistory: true,
    topK: 3,
  });
  expect([reply.status, reply.text]).toEqual([200, '{"top_items":[1]}']);
});

test("text in and text out where ids are text", async () => {
  await using gateway = await openGateway();
  const { asked, reply } = await askedFor(gateway, '{"user_id":"u1","sequence":["m3"]}');
  expect(asked).toMatchObject({ userId: "u1", history: ["m3"], topK: undefined });
  expect(reply.text).toBe('{"top_items":["u1"]}');
});

test("a user without a name, and one who has watched nothing", async () => {
  await using gateway = await openGateway({ idType: "int" });
  expect((await askedFor(gateway, '{"sequence":[3]}')).asked).toMatchObject({ userId: "" });
  const { asked } = await askedFor(gateway, '{"user_id":null,"sequence":[],"top_k":null}');
  expect(asked).toMatchObject({ userId: "", history: [], topK: undefined });
});

test.each([
  ["{}", "the body: sequence or tracks is required"],
  ["[]", "the body: expected an object, got a list"],
  ['{"user_id":1}', "the body: sequence or tracks is required"],
  ['{"sequence":3}', "sequence: expected a list, got 3"],
  ['{"sequence":[3,1.5]}', "sequence[1]: expected a whole number up to 2^53 - 1, or a string, got"],
  ['{"sequence":[3,null]}', "sequence[1]: expected a whole number"],
  ['{"sequence":[3],"user_id":[1]}', "user_id: expected a whole number"],
  ['{"sequence":[3],"top_k":"many"}', 'top_k: expected a whole number of 32 bits, got "many"'],
  ['{"sequence":[3],"top_k":2.5}', "top_k: expected a whole number of 32 bits, got 2.5"],
  ['{"sequence":[3],"topk":3}', "topk: no such field; did you mean top_k?"],
  ['{"sequence":[3],"sequence":[4]}', "sequence: given twice"],
  ['{"sequence":[3', "the body is no JSON: it ends too early"],
  ['{"sequence":null,"tracks":null}', "the body: sequence or tracks is required"],
  ['{"tracks":[]}', "the body: tracks is empty; send at least one"],
  ['{"tracks":[{"track_name":"So"}],"sequence":[3]}', "tracks go without user_id and sequence"],
  ['{"tracks":[{"track_name":"So"}],"user_id":3}', "tracks go without user_id and sequence"],
  ['{"track":[{"track_name":"So"}]}', "track: no such field; did you mean tracks?"],
  ['{"tracks":["So What"]}', 'tracks[0]: expected an object, got "So What"'],
  ['{"tracks":[{"title":"So"}]}', "tracks[0].title: no such field; there are track_name"],
  ['{"tracks":[{"track_name":7}]}', "tracks[0].track_name: expected a string, got 7"],
  ['{"tracks":[{"artist_name":"\\ud83c"}]}', "tracks[0].artist_name: half of a surrogate pair"],
  [
    JSON.stringify({ tracks: Array.from({ length: 1_001 }, () => ({ track_name: "So" })) }),
    "tracks: more than 1000 elements; send at most 1000",
  ],
  [
    JSON.stringify({ sequence: Array.from({ length: 10_001 }, () => 1) }),
    "sequence: more than 10000 elements; send at most 10000",
  ],
])("%.40s is refused", async (body, says) => {
  await using gateway = await openGateway({ idType: "int" });
  const { status, json } = await gateway.post(path, body);
  expect([status, json]).toEqual([400, errorOf("INVALID_ARGUMENT", expect.stringContaining(says))]);
});

test("a model's complaint of history is one of the sequence, which the caller sent", async () => {
  await using gateway = await openGateway();
  gateway.puppet.fail(new ServingError("INVALID_ARGUMENT", "history[1] is empty; an id has text"));
  const { json } = await gateway.post(path, { sequence: ["a", ""] });
  expect(json).toEqual(errorOf("INVALID_ARGUMENT", "sequence[1] is empty; an id has text"));
});

test.each([
  ["--movie-model", { sequence: [1] }],
  ["--track-model", { tracks: [{ track_name: "So What" }] }],
])(
  "without the model, the status says which there are, and that %s names it",
  async (flag, body) => {
    await using gateway = await openGateway({ movieModel: "films", trackModel: "films" });
    const { status, json } = await gateway.post(path, body);
    const said = `no model "films" here; start the server with ${flag} and one of "playlists"`;
    expect([status, json]).toEqual([404, errorOf("NOT_FOUND", said)]);
  },
);

test("the other origin's example: tracks in, tracks out, from a model of their own", async () => {
  await using gateway = await openGateway({ movieModel: "films" });
  const { asked, reply } = await askedFor(
    gateway,
    '{"tracks":[{"track_name":"So What","artist_name":"Miles Davis"},{"track_name":"Naima"}]}',
  );
  expect(asked).toMatchObject({
    model: "playlists",
    tracks: [
      { title: "So What", artist: "Miles Davis" },
      { title: "Naima", artist: "" },
    ],
    history: [],
    excludeHistory: true,
    topK: undefined,
  });
  expect([reply.status, reply.text]).toEqual([
    200,
    '{"recommended_tracks":[{"track_name":"","artist_name":""}]}',
  ]);
});

test.each([
  ["tracks[2].title is not valid", "tracks[2].track_name is not valid"],
  ["tracks[0].artist has 70000 bytes", "tracks[0].artist_name has 70000 bytes"],
  [
    "tracks[1] has neither a title nor an artist",
    "tracks[1] has neither a track_name nor an artist_name",
  ],
  ["top_k is 0", "top_k is 0"],
  [
    "tracks has 1 element; send ids of items in history",
    "tracks has 1 element; send ids of items in sequence",
  ],
])("a model's complaint that %s is told in the names that were sent", async (said, told) => {
  await using gateway = await openGateway();
  gateway.puppet.fail(new ServingError("INVALID_ARGUMENT", said));
  const { json } = await gateway.post(path, { tracks: [{ track_name: "a title" }] });
  expect(json).toEqual(errorOf("INVALID_ARGUMENT", told));
});
