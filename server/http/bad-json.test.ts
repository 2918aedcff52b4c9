import { afterAll, beforeAll, expect, test } from "vitest";
import { errorOf, openGateway, recommendPath, type OpenGateway } from "./gateway.fixture.ts";

let gateway: OpenGateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const deep = "[".repeat(30_000);

const refused: readonly (readonly [body: string, says: string])[] = [
  // Of the wrong type: where, what is expected, what came.
  ['{"history":["a","b","c",7]}', "history[3]: expected a string, got 7"],
  ['{"history":[["a"]]}', "history[0]: expected a string, got a list"],
  ['{"history":{"0":"a"}}', "history: expected a list, got an object"],
  ['{"history":[null]}', "history[0]: expected a string, got null"],
  ['{"userId":true}', "userId: expected a string, got true"],
  ['{"user_id":5}', "user_id: expected a string, got 5"],
  ['{"topK":"ten"}', 'topK: expected a whole number of 32 bits, got "ten"'],
  ['{"topK":""}', 'topK: expected a whole number of 32 bits, got ""'],
  ['{"topK":1.5}', "topK: expected a whole number of 32 bits, got 1.5"],
  ['{"topK":2147483648}', "topK: expected a whole number of 32 bits, got 2147483648"],
  ['{"topK":1e999}', "topK: expected a whole number of 32 bits, got 1e999"],
  [`{"topK":${"9".repeat(5_000)}}`, `got ${"9".repeat(40)}…`],
  ['{"excludeHistory":"true"}', 'excludeHistory: expected true or false, got "true"'],
  ['{"excludeHistory":0}', "excludeHistory: expected true or false, got 0"],
  ['{"tracks":[{"title":"So"},{"artist":3}]}', "tracks[1].artist: expected a string, got 3"],
  ['{"tracks":["So What"]}', 'tracks[0]: expected an object, got "So What"'],
  ["[]", "the body: expected an object, got a list"],
  ['"recommend"', 'the body: expected an object, got "recommend"'],
  ["null", "the body: expected an object, got null"],
  // Names: those that are not there, and those that are there twice.
  ['{"topk":3}', "topk: no such field; did you mean topK?"],
  ['{"histroy":[]}', "histroy: no such field; did you mean history?"],
  ['{"colour":"red"}', "colour: no such field; there are model, userId"],
  [`{"${"x".repeat(10_000)}":1}`, `${"x".repeat(40)}…: no such field`],
  ['{"tracks":[{"name":"x"}]}', "tracks[0].name: no such field"],
  ['{"__proto__":{"model":"x"}}', "__proto__: no such field"],
  ['{"userId":"a","userId":"b"}', "userId: given twice"],
  ['{"userId":"a","user_id":"b"}', "user_id: given twice"],
  ['{"\\u0075serId":"a","userId":"b"}', "userId: given twice"],
  // What the path says already.
  ['{"model":"films"}', 'model: is "films", and "playlists" in the path'],
  // Limits.
  [
    JSON.stringify({ history: Array.from({ length: 10_001 }, () => "p") }),
    "history: more than 10000 elements; send at most 10000",
  ],
  [`{"history":${deep}`, "history[0]: expected a string, got a list"],
  [`{"colour":${deep}`, "colour: no such field"],
  // No JSON at all.
  ["", "the body is no JSON: it ends too early"],
  ["   ", "it ends too early"],
  ['{"userId":"a"', "it ends too early"],
  ['{"userId":"a', "it ends too early"],
  ['{"userId":"a\\', "it ends too early"],
  ['{"userId":"a"}}', 'unexpected "}" in line 1, column 15'],
  ['{"userId":"a"} {}', 'unexpected "{"'],
  ['{\n  "userId":"a",\n}', 'unexpected "}" in line 3, column 1'],
  ['{"history":["a",]}', 'unexpected "]"'],
  ["{'userId':'a'}", 'unexpected "\'"'],
  ['{userId:"a"}', 'unexpected "u"'],
  ['{"userId":undefined}', 'unexpected "u"'],
  ['{"userId":NaN}', 'unexpected "N"'],
  ['{"topK":01}', 'unexpected "1"'],
  ['{"topK":+1}', 'unexpected "+"'],
  ['{"topK":.5}', 'unexpected "."'],
  ['{"topK":0x10}', 'unexpected "x"'],
  ['{"excludeHistory":truer}', 'unexpected "r"'],
  ['{"userId":"a\nb"}', 'unexpected "\\n"'],
  ['{"userId":"\\x41"}', "the body is no JSON"],
  ['{"userId":"\\u12"}', "the body is no JSON"],
  ["\uFEFF{}", 'unexpected "\uFEFF"'],
  ["user_id=5", 'unexpected "u"'],
  // Text that is none.
  ['{"userId":"\\ud800"}', "userId: half of a surrogate pair is no text"],
  ['{"history":["ok","\\udc00x"]}', "history[1]: half of a surrogate pair is no text"],
];

test.each(refused)("%.80s", async (body, says) => {
  const got = await gateway.post(recommendPath, body);
  expect(got.json).toEqual(errorOf("INVALID_ARGUMENT", expect.stringContaining(says)));
  expect(got.status).toBe(400);
  expect(got.text.length).toBeLessThan(1_000);
});

test("bytes that are no UTF-8", async () => {
  const got = await gateway.get(recommendPath, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: Buffer.from('{"userId":"\xff"}', "latin1"),
  });
  expect(got.json).toEqual(errorOf("INVALID_ARGUMENT", expect.stringContaining("UTF-8")));
});

test("a request of a batch is named", async () => {
  const requests = [{ userId: "a" }, { userId: "b", history: ["c", 4] }];
  const got = await gateway.post("/v1/models/playlists:batchRecommend", { requests });
  const says = "requests[1].history[1]: expected a string, got 4";
  expect(got.json).toEqual(errorOf("INVALID_ARGUMENT", says));
  const other = { requests: [{}, { model: "films" }] };
  const elsewhere = await gateway.post("/v1/models/playlists:batchRecommend", other);
  expect(elsewhere.json).toEqual(
    errorOf("INVALID_ARGUMENT", expect.stringContaining('requests[1].model: is "films"')),
  );
});

const accepted: readonly (readonly [body: string, userId: string])[] = [
  ["{}", ""],
  ["\t\r\n { } \n", ""],
  ['{"userId":null,"history":null,"topK":null}', ""],
  ['{"userId":"\\u00e9\\ud83d\\ude00\\n\\"\\/"}', 'é😀\n"/'],
  ['{"userId":"é😀","topK":"3"}', "é😀"],
  ['{"userId":"a","topK":1e1}', "a"],
  ['{"userId":"a","topK":10.0}', "a"],
  ['{"model":"playlists","userId":"a"}', "a"],
];

test.each(accepted)("%s is a request", async (body, userId) => {
  const { status, json } = await gateway.post(recommendPath, body);
  expect(status).toBe(200);
  expect(json).toMatchObject({ items: [{ id: userId }] });
});

test("NUL in an id is text to JSON; the model says what it thinks of it", async () => {
  const { json } = await gateway.post(recommendPath, '{"userId":"a\\u0000"}');
  expect(json).toMatchObject({ items: [{ id: "a\0" }] });
});
