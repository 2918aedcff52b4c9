import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { errorOf, openGateway, recommendPath, type OpenGateway } from "./gateway.fixture.ts";

test("a body over the cap is 413, whether its length is told or not", async () => {
  await using gateway = await openGateway({ maxBodyBytes: 1_000 });
  const history = Array.from({ length: 200_000 }, () => "p1234");
  const told = await gateway.post(recommendPath, { history });
  expect(told.status).toBe(413);
  expect(told.json).toEqual(errorOf("RESOURCE_EXHAUSTED", expect.stringContaining("1000 bytes")));
  const untold = await gateway.get(recommendPath, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: new Blob([JSON.stringify({ history })]).stream(),
    duplex: "half",
  });
  expect(untold.status).toBe(413);
  expect((await gateway.post(recommendPath, { userId: "ana" })).status).toBe(200);
});

const asking = (length: number) =>
  `POST ${recommendPath} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n` +
  `content-length: ${length}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n`;

test("a body is asked for only when it will be read", async () => {
  await using gateway = await openGateway({ maxBodyBytes: 1_000 });
  expect(await gateway.raw(asking(1_001))).toMatch(/^HTTP\/1.1 413 /);
  expect(await gateway.raw(asking(2), "{}")).toMatch(/^HTTP\/1.1 100 Continue.*HTTP\/1.1 200 /s);
});

test("a body that does not come is 408", async () => {
  await using gateway = await openGateway({ requestTimeoutMs: 100 });
  const head = `POST ${recommendPath} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`;
  const slow = await gateway.raw(`${head}content-length: 10\r\n\r\n{"us`);
  expect(slow).toMatch(/^HTTP\/1.1 408 .*"code":"DEADLINE_EXCEEDED"/s);
  expect(slow).toContain("x-request-id");
  const noHead = await gateway.raw("POST / HTTP/1.1\r\nhost: x\r\n");
  expect(noHead).toMatch(/^HTTP\/1.1 408 /);
  expect(gateway.answered.map(({ status }) => status)).toEqual([408, 408]);
});

test.each([
  ["a bad request line", "HELLO\r\n\r\n", 400],
  ["gRPC on the wrong port", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
  ["headers over 16 KiB", `GET / HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(20_000)}\r\n\r\n`, 431],
  [
    "two lengths",
    "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
    400,
  ],
  [
    "a chunk of no length",
    `POST ${recommendPath} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n` +
      "transfer-encoding: chunked\r\n\r\nzz\r\n",
    400,
  ],
])("%s", async (_, bytes, status) => {
  await using gateway = await openGateway();
  const reply = await gateway.raw(bytes);
  expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} .*connection: close`, "is"));
  expect(reply).toContain('{"error":{"code":');
  expect(gateway.answered).toMatchObject([{ status }]);
  expect((await gateway.post(recommendPath, {})).status).toBe(200);
});

test("what is no HTTP behind a request in flight ends the connection, not in the middle of its answer", async () => {
  await using gateway = await openGateway();
  gateway.puppet.hang();
  const socket = connect(gateway.server.port, "127.0.0.1");
  let received = "";
  socket.on("data", (bytes: Buffer) => (received += String(bytes)));
  const closed = once(socket, "close");
  const head = `POST ${recommendPath} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`;
  socket.write(`${head}content-length: 2\r\n\r\n{}`);
  await expect.poll(() => gateway.puppet.waiting.length).toBe(1);
  socket.write("GARBAGE\r\n\r\n");
  await closed;
  expect(received).toBe("");
  await expect.poll(() => gateway.answered).toMatchObject([{ status: 499 }]);
});

test("what is no HTTP right behind a body is told, and the connection ends", async () => {
  await using gateway = await openGateway();
  const head = `POST ${recommendPath} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`;
  const reply = await gateway.raw(`${head}content-length: 2\r\n\r\n{}GARBAGE\r\n\r\n`);
  expect(reply.match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
  expect(reply).toMatch(/^HTTP\/1\.1 400 .*connection: close/is);
});

test("requests sent without waiting are answered in order", async () => {
  await using gateway = await openGateway();
  gateway.puppet.hang();
  const head = `POST ${recommendPath} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`;
  const ask = `${head}content-length: 14\r\n\r\n{"userId":"a"}`;
  const last = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
  const replies = gateway.raw(ask, ask.replace('"a"', '"b"'), last);
  await expect.poll(() => gateway.puppet.waiting.length).toBe(2);
  gateway.puppet.perform();
  expect(await replies).toMatch(
    /^HTTP.* 200 .*"id":"a".*HTTP.* 200 .*"id":"b".*HTTP.* 200 .*ok\n$/s,
  );
});

test("connections over the cap are closed, the others served", async () => {
  await using gateway = await openGateway({ maxConnections: 2 });
  const held: Socket[] = [];
  for (let i = 0; i < 2; i += 1) {
    const socket = connect(gateway.server.port, "127.0.0.1");
    await once(socket, "connect");
    held.push(socket);
  }
  expect(await gateway.raw("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")).toBe("");
  held[0]!.write("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n");
  const [bytes] = (await once(held[0]!, "data")) as [Buffer];
  expect(String(bytes)).toMatch(/^HTTP\/1.1 200 /);
  for (const socket of held) socket.destroy();
});

/** One request over a connection that stays, if the server lets it. */
async function keptAlive(gateway: OpenGateway, agent: Agent): Promise<string | undefined> {
  const headers = { "content-type": "application/json" };
  const sent = httpRequest(gateway.url + recommendPath, { method: "POST", agent, headers });
  sent.end("{}");
  const [response] = await once(sent, "response");
  response.resume();
  await once(response, "end");
  return response.headers.connection;
}

test("connections are kept, until they are old or the server drains", async () => {
  const agent = new Agent({ keepAlive: true });
  await using gateway = await openGateway();
  expect(await keptAlive(gateway, agent)).toBe("keep-alive");
  gateway.server.drain();
  expect(await keptAlive(gateway, agent)).toBe("close");
  await using aging = await openGateway({ maxConnectionAgeMs: 0 });
  expect(await keptAlive(aging, agent)).toBe("keep-alive");
  expect(await keptAlive(aging, agent)).toBe("close");
  agent.destroy();
});

test("closing: requests in flight are answered, idle connections ended, new ones refused", async () => {
  await using gateway = await openGateway();
  const idle = connect(gateway.server.port, "127.0.0.1");
  await once(idle, "connect");
  const idleEnded = once(idle.resume(), "close");
  gateway.puppet.hang();
  const reply = gateway.post(recommendPath, { userId: "ana" });
  await expect.poll(() => gateway.puppet.waiting.length).toBe(1);
  const closed = gateway.server.close(20_000);
  await expect(fetch(`${gateway.url}/healthz`)).rejects.toThrow("fetch failed");
  gateway.puppet.answerNext();
  const { status, headers } = await reply;
  expect([status, headers.get("connection")]).toEqual([200, "close"]);
  await idleEnded;
  await closed;
});

test("closing: who outlasts the grace is cut", async () => {
  await using gateway = await openGateway();
  gateway.puppet.hang();
  const reply = fetch(gateway.url + recommendPath, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  const failed = expect(reply).rejects.toThrow("fetch failed");
  await expect.poll(() => gateway.puppet.waiting.length).toBe(1);
  await gateway.server.close(20);
  await failed;
});
