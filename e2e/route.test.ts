import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { RecommendResponse, RouteReason } from "../proto/gen/crossfade/v1/recommender.ts";
import { Code } from "../proto/serving-error.ts";
import type { Distribution } from "../router/distribution.ts";
import { reweigh } from "../router/reweigh.ts";
import { listenerId } from "../loadtest/world/create-world.ts";
import { askAdmin, type AdminAnswer } from "../scripts/chaos/ask-admin.ts";
import { batchRecommend, recommend, recommendPath, requestBytes } from "./calls.fixture.ts";
import { openFolder, openServer, type Folder, type OpenServer } from "./open-server.fixture.ts";
import { openRouter, type OpenRouter } from "./open-router.fixture.ts";
import { buildSmallBundle } from "./small-bundle.fixture.ts";

const token = "a-token-of-many-characters";
let folder: Folder;
let servers: OpenServer[];
let router: OpenRouter;
let document: Distribution = {
  format: 1,
  model: "playlists",
  revision: 1,
  salt: "e2e",
  arms: [
    { name: "stable", version: "1", weight: 7_000, ranges: [[0, 7_000]] },
    { name: "canary", version: "2", weight: 3_000, ranges: [[7_000, 10_000]] },
  ],
};

beforeAll(async () => {
  folder = await openFolder();
  for (const version of ["1", "2"]) {
    await buildSmallBundle(join(folder.path, "models/playlists", version), version);
  }
  servers = [await serve(), await serve()];
  await writeFile(join(folder.path, "token"), token);
  await writeFile(join(folder.path, "weights.json"), JSON.stringify(document));
  router = await openRouter([
    "--servers",
    servers.map(({ serving }) => serving.address).join(","),
    "--distributions",
    join(folder.path, "weights.json"),
    "--override-token-file",
    join(folder.path, "token"),
  ]);
});

afterAll(async () => {
  await router[Symbol.asyncDispose]();
  for (const server of servers) await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

beforeEach(() => apply({ ...document, arms: reweigh(document, { stable: 7_000, canary: 3_000 }) }));

function serve(): Promise<OpenServer> {
  return openServer(["--models", join(folder.path, "models")]);
}

/** Through the admin API, as the next revision. */
async function apply(next: Distribution): Promise<void> {
  document = next;
  const { status, json } = await ask("apply", { distribution: next });
  expect([status, json]).toEqual([200, expect.anything()]);
}

function ask(verb: string, body: Readonly<Record<string, unknown>>): Promise<AdminAnswer> {
  return askAdmin({ port: router.routes.adminHttpPort!, model: "playlists", verb, body });
}

/** The arm of each of these listeners. */
async function arms(count: number): Promise<readonly string[]> {
  const users = Array.from({ length: count }, (_, i) => ({ userId: listenerId(i) }));
  const results = await batchRecommend(router.channel, users);
  return results.map((result) => {
    if (result?.$case !== "response") return JSON.stringify(result);
    const { routed, served } = result.value;
    expect(served!.modelVersion).toBe(routed!.arm === "canary" ? "2" : "1");
    return routed!.arm;
  });
}

test("a batch comes back in order, each listener from his arm, the same every time", async () => {
  const first = await arms(1_000);
  expect(first.filter((arm) => arm === "canary").length).toBeGreaterThan(230);
  expect(first.filter((arm) => arm === "canary").length).toBeLessThan(370);
  expect(await arms(1_000)).toEqual(first);
});

test("raising the canary moves listeners to it and none away", async () => {
  const before = await arms(500);
  await apply({ ...document, arms: reweigh(document, { stable: 4_000, canary: 6_000 }) });
  const after = await arms(500);
  const moves = before.map((arm, i) => `${arm} -> ${after[i]}`);
  expect(new Set(moves)).toEqual(
    new Set(["stable -> stable", "stable -> canary", "canary -> canary"]),
  );
});

test("a weight of zero: nobody, from then on", async () => {
  await apply({ ...document, arms: reweigh(document, { stable: 10_000, canary: 0 }) });
  expect(new Set(await arms(300))).toEqual(new Set(["stable"]));
});

test("the kill switch sends everybody to its arm", async () => {
  await apply({ ...document, killSwitch: "canary" });
  expect(new Set(await arms(100))).toEqual(new Set(["canary"]));
  const { killSwitch: _, ...rest } = document;
  await apply(rest);
});

test("a listed user has the arm of the list", async () => {
  const user = listenerId((await arms(100)).indexOf("stable"));
  await apply({ ...document, users: { [user]: "canary" } });
  const { routed } = await recommend(router.channel, { userId: user });
  expect(routed).toMatchObject({ arm: "canary", reason: RouteReason.USER_LIST });
});

function askForCanary(headers: Record<string, string>): Promise<Uint8Array> {
  return router.channel.unary(recommendPath, requestBytes({ userId: "u1" }), {
    metadata: new Map(Object.entries({ "x-crossfade-arm": "canary", ...headers })),
  });
}

test("an arm may be asked for with the token, and not without", async () => {
  await expect(askForCanary({})).rejects.toMatchObject({ code: Code.PERMISSION_DENIED });
  const wrong = { authorization: "Bearer wrong" };
  await expect(askForCanary(wrong)).rejects.toMatchObject({ code: Code.PERMISSION_DENIED });
  const reply = RecommendResponse.decode(await askForCanary({ authorization: `Bearer ${token}` }));
  expect(reply.routed).toMatchObject({ arm: "canary", reason: RouteReason.OVERRIDE });
});

test("a canary that no server holds spills to stable, and says so", async () => {
  const [stable, canary] = document.arms;
  await apply({ ...document, arms: [stable!, { ...canary!, version: "77" }] });
  const user = await userOf("canary");
  const { routed, served } = await recommend(router.channel, { userId: user });
  expect(routed).toMatchObject({ arm: "stable", reason: RouteReason.SPILL });
  expect(served!.modelVersion).toBe("1");
  await apply({ ...document, arms: [stable!, canary!] });
});

async function userOf(arm: string): Promise<string> {
  const { createAssignment } = await import("../router/assignment.ts");
  const { pick } = await import("../router/pick.ts");
  const assignment = createAssignment(document);
  for (let i = 0; ; i++) {
    const picked = pick(
      assignment,
      { user: Buffer.from(listenerId(i)), override: undefined },
      () => 0,
    );
    if ("arm" in picked && picked.arm.name === arm) return listenerId(i);
  }
}

const broken: readonly (readonly [what: string, change: object, says: string])[] = [
  [
    "weights that do not sum to 10,000",
    { arms: [{ name: "stable", version: "1", weight: 9_999, ranges: [[0, 9_999]] }] },
    "10000",
  ],
  [
    "overlapping ranges",
    {
      arms: [
        {
          name: "stable",
          version: "1",
          weight: 10_000,
          ranges: [
            [0, 6_000],
            [5_000, 9_000],
          ],
        },
      ],
    },
    "ranges",
  ],
  ["an unknown arm in the user list", { users: { u1: "blue" } }, "blue"],
  ["an unknown arm as kill switch", { killSwitch: "red" }, "red"],
  [
    "a weight that is text",
    { arms: [{ name: "stable", version: "1", weight: "all", ranges: [[0, 10_000]] }] },
    "arms[0].weight",
  ],
  ["an unknown field", { wieght: 1 }, "wieght"],
];

test.each(broken)("%s: refused with the place", async (_, change, says) => {
  const { status, json } = await ask("apply", { distribution: { ...document, ...change } });
  expect(status).toBe(400);
  expect(JSON.stringify(json)).toContain(says);
});

test("a change of another revision than the one there is: refused, and says what is there", async () => {
  const { status, json } = await ask("abort", { expectRevision: "1" });
  expect([status, JSON.stringify(json)]).toEqual([409, expect.stringContaining("ABORTED")]);
});

test("oversized headers end that connection's call, not the router", async () => {
  const metadata = new Map([["x-filler", "x".repeat(100_000)]]);
  const call = router.channel.unary(recommendPath, requestBytes({ userId: "u1" }), { metadata });
  await expect(call).rejects.toBeInstanceOf(Error);
  await vi.waitUntil(
    () =>
      recommend(router.channel, { userId: "u1" }).then(
        () => true,
        () => false,
      ),
    10_000,
  );
});

test("one of two servers goes away: no call fails", async () => {
  const calls = Array.from({ length: 200 }, (_, i) => i);
  const gone = servers[0]!;
  for (const i of calls) {
    if (i === 50) void gone[Symbol.asyncDispose]();
    const { items } = await recommend(router.channel, { userId: listenerId(i) });
    expect(items).toHaveLength(10);
  }
  servers = [servers[1]!];
});

test("no server is left: what is popular, and said so", async () => {
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
  servers = [];
  await vi.waitUntil(async () => {
    const { items, routed } = await recommend(router.channel, { userId: "u1" });
    expect(items).toHaveLength(10);
    return routed!.degraded === "popular";
  }, 10_000);
});
