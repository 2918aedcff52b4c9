import { expect, test } from "vitest";
import { ServingError } from "../../proto/serving-error.ts";
import { errorOf, openGateway, type OpenGateway } from "./gateway.fixture.ts";

const path = "/api/playlist/recommend/";

/** What the model is asked, while it is answered. */
async function askedFor(gateway: OpenGateway, body: string) {
  gateway.puppet.hang();
  const reply = gateway.post(path, body);
  await expect.poll(() => gateway.puppet.waiting.length).toBe(1);
  const asked = gateway.puppet.waiting[0]!.map((query) => query.request());
  gateway.puppet.answerNext();
  return { asked, reply: await reply };
}

test("the origin's example, numbers in and numbers out", async () => {
  await using gateway = await openGateway({ idType: "int" });
  const { asked, reply } = await askedFor(gateway, '{"user_ids":[22434]}');
  expect(asked).toMatchObject([{ model: "playlists", userId: "22434", topK: 5 }]);
  expect([reply.status, reply.text]).toEqual([200, '[{"user_id":22434,"playlists":[22434]}]']);
});

test("text in and text out where ids are text", async () => {
  await using gateway = await openGateway();
  const { reply } = await askedFor(gateway, '{"user_ids":["u1","22"]}');
  expect(reply.text).toBe(
    '[{"user_id":"u1","playlists":["u1"]},{"user_id":"22","playlists":["22"]}]',
  );
  const numbers = await gateway.post(path, '{"user_ids":["u1",22]}');
  expect(numbers.json).toEqual(
    errorOf("INVALID_ARGUMENT", "user_ids[1]: expected a string, got 22"),
  );
});

test("ids keep every digit, and only whole numbers are ids", async () => {
  await using gateway = await openGateway({ idType: "int" });
  const largest = `{"user_ids":[${Number.MAX_SAFE_INTEGER},-1,0,"7"]}`;
  const { asked, reply } = await askedFor(gateway, largest);
  expect(asked.map(({ userId }) => userId)).toEqual(["9007199254740991", "-1", "0", "7"]);
  expect(reply.json).toMatchObject([{ user_id: 9007199254740991 }, {}, {}, { user_id: 7 }]);
  for (const id of ["9007199254740992", "1.0", "1e3", "-0", "1.5", "null", "true"]) {
    const { status, json } = await gateway.post(path, `{"user_ids":[1,${id}]}`);
    const says = expect.stringContaining("user_ids[1]: expected a whole number");
    expect([status, json]).toEqual([400, errorOf("INVALID_ARGUMENT", says)]);
  }
});

test.each([
  ['{"user_ids":7}', "user_ids: expected a list, got 7"],
  ["{}", "the body: user_ids is required"],
  ['{"userIds":["u1"]}', "userIds: no such field; did you mean user_ids?"],
  ['{"user_ids":[],"k":1}', "k: no such field"],
  [
    JSON.stringify({ user_ids: Array.from({ length: 1_001 }, () => "u") }),
    "user_ids: more than 1000 elements",
  ],
])("%.40s is refused", async (body, says) => {
  await using gateway = await openGateway();
  const { status, json } = await gateway.post(path, body);
  expect([status, json]).toEqual([400, errorOf("INVALID_ARGUMENT", expect.stringContaining(says))]);
});

test("nobody asked for: nobody answered", async () => {
  await using gateway = await openGateway();
  expect((await gateway.post(path, { user_ids: [] })).text).toBe("[]");
});

test("when nobody is answered, the status says why", async () => {
  await using gateway = await openGateway();
  gateway.puppet.fail(new ServingError("UNAVAILABLE", "starting"));
  const got = await gateway.post(path, { user_ids: ["u1", "u2"] });
  expect([got.status, got.json]).toEqual([503, errorOf("UNAVAILABLE", "starting")]);
  await using elsewhere = await openGateway({ playlistModel: "films" });
  const unknown = await elsewhere.post(path, { user_ids: [1, "u1"] });
  expect([unknown.status, unknown.json]).toEqual([404, errorOf("NOT_FOUND")]);
});
