import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Code } from "../../../proto/serving-error.ts";
import { firstDocument, openFolder, type Folder } from "../router.fixture.ts";
import { openAdmin, type OpenAdmin } from "./admin.fixture.ts";

const path = "/v1/rollouts/toy";
const abort = JSON.stringify({ reason: "r" });

/** One for all tests that change nothing. */
let folder: Folder;
let admin: OpenAdmin;

beforeAll(async () => {
  folder = await openFolder();
  admin = await openAdmin({ folder });
});

afterAll(async () => {
  await admin[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const bodies: readonly (readonly [what: string, body: string, status: number])[] = [
  ["no JSON", "abort", 400],
  ["nothing", "", 400],
  ["half of it", '{"reason": "r"', 400],
  ["a list", "[]", 400],
  ["more behind it", `${abort}{}`, 400],
  ["a number for a text", '{"reason": 7}', 400],
  ["too large", JSON.stringify({ reason: "x".repeat(2 * 2 ** 20) }), 413],
];

test.each(bodies)("%s: refused, and nothing changes", async (_, body, status) => {
  const got = await admin.post(`${path}:abort`, body);
  expect([got.status, got.json.error.code]).toEqual([status, expect.any(String)]);
  expect(admin.control.rollout("toy")!.distribution.revision).toBe(1);
});

test("a distribution nested too deeply, or with more than a megabyte, is refused", async () => {
  const deep = `{"reason":"r","distribution":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}`;
  expect((await admin.post(`${path}:apply`, deep)).status).toBe(400);
  const users = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, i) => [`${"u".repeat(100)}${i}`, "canary"]),
  );
  const large = { ...firstDocument, users };
  const got = await admin.post(`${path}:apply`, { reason: "r", distribution: large });
  expect([got.status, got.json.error.message]).toEqual([400, expect.stringContaining("bytes")]);
});

test("an oversized gRPC message is RESOURCE_EXHAUSTED", async () => {
  const value = { distributionJson: " ".repeat(2 * 2 ** 20) };
  await expect(admin.rpc.change({ change: { $case: "apply", value } })).rejects.toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
  });
});

test.each([undefined, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])(
  "a form of another site can send %s, which changes nothing",
  async (type) => {
    const headers = type === undefined ? {} : { "content-type": type };
    // No type is sent along with bytes.
    const body = Buffer.from(abort);
    const { status } = await admin.get(`${path}:abort`, { method: "POST", headers, body });
    expect([status, admin.control.rollout("toy")!.distribution.revision]).toEqual([415, 1]);
  },
);

test("a browser that asks whether it may is not told that it may", async () => {
  const { status, headers } = await admin.get(`${path}:abort`, { method: "OPTIONS" });
  expect([status, headers.get("access-control-allow-origin")]).toEqual([405, null]);
});

/** What the server answers to a request for this host. */
async function askFor(host: string): Promise<string> {
  const socket = connect(admin.admin.httpPort!, "127.0.0.1").setEncoding("utf8");
  let received = "";
  socket.on("data", (text: string) => (received += text));
  socket.write(`GET /v1/rollouts HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
  await once(socket, "close");
  return received.split("\r\n")[0]!;
}

test("where everybody is admin, a name that was made to point here is refused", async () => {
  for (const host of ["localhost", "LOCALHOST:8504", "127.0.0.1:8504", "127.1.2.3", "[::1]:8504"])
    expect([host, await askFor(host)]).toEqual([host, "HTTP/1.1 200 OK"]);
  for (const host of ["evil.example", "evil.example:8504", "localhost.evil.example", "10.0.0.1"])
    expect([host, await askFor(host)]).toEqual([host, "HTTP/1.1 403 Forbidden"]);
});

test("what is not there, and what is there by another method", async () => {
  expect((await admin.get("/v1/distributions/toy")).status).toBe(404);
  expect((await admin.post(`${path}:explode`, {})).status).toBe(404);
  const { status, headers } = await admin.get(`${path}:abort`);
  expect([status, headers.get("allow")]).toEqual([405, "POST"]);
  expect((await admin.get(`${path}/history?limit=x`)).status).toBe(400);
  expect((await admin.get(`${path}/history?limt=1`)).json.error.message).toContain("limt");
});
