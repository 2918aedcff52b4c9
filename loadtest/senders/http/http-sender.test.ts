import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { expect, test } from "vitest";
import { Code } from "../../../proto/serving-error.ts";
import { createTrialAuthority } from "../../../transport/issue-certificates.ts";
import { samplePlan } from "../../engine/sample-plan.fixture.ts";
import type { RunPlan, TargetTls } from "../../run-plan.ts";
import { createListener, inTime, soon } from "../listen.fixture.ts";
import { openSenders } from "../open-senders.ts";

function planOf(metadata: Record<string, string> = {}, tls?: TargetTls): RunPlan {
  const plan = samplePlan({ kind: "constant", perSecond: 1, forMs: 1_000 });
  const call = { transport: "http", method: "POST", path: "/v1/models/m:recommend" } as const;
  return { ...plan, ...(tls && { tls }), workload: { ...plan.workload, call, metadata } };
}

async function open(
  handle: RequestListener,
  options: { plan?: RunPlan; certificates?: object } = {},
) {
  const { plan = planOf(), certificates } = options;
  const server = certificates ? createTlsServer(certificates, handle) : createServer(handle);
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const listener = createListener();
  const sender = openSenders(plan)(`127.0.0.1:${port}`, listener);
  return {
    sockets,
    port,
    async call(body: string, deadlineMs = inTime()) {
      const outcome = listener.next(0);
      sender.send(0, Buffer.from(body), deadlineMs);
      return outcome;
    },
    sender,
    listener,
    async [Symbol.asyncDispose]() {
      sender.close();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const echo: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { method, url, headers } = request;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ method, url, headers, body: String(Buffer.concat(chunks)) }));
  });
};

test("calls follow each other on one connection, with headers and a timeout", async () => {
  await using setup = await open(echo, { plan: planOf({ "x-crossfade-arm": "canary" }) });
  await setup.sender.connect();
  for (const body of ["{}", "", '{"user_id":"ü"}']) {
    const told = JSON.parse(String(await setup.call(body))) as Record<string, unknown>;
    expect(told).toMatchObject({ method: "POST", url: "/v1/models/m:recommend", body });
    expect(told["headers"]).toMatchObject({
      host: `127.0.0.1:${setup.port}`,
      "content-type": "application/json",
      "x-crossfade-arm": "canary",
      "x-crossfade-timeout-ms": expect.stringMatching(/^\d{4,5}$/),
    });
  }
  expect(setup.sockets.size).toBe(1);
});

test("statuses have the names that gRPC has for them; the gateway's own word counts most", async () => {
  const answers: [number, string][] = [
    [429, ""],
    [400, '{"error":{"code":"FAILED_PRECONDITION","message":"no version 7","requestId":"r"}}'],
    [404, "<html>not here</html>"],
    [502, ""],
    [418, ""],
  ];
  let next = 0;
  await using setup = await open((_, response) => {
    const [status, body] = answers[next++]!;
    response.writeHead(status).end(body);
  });
  const outcomes = [];
  for (const _ of answers) outcomes.push(await setup.call("{}"));
  expect(outcomes).toMatchObject([
    { code: Code.RESOURCE_EXHAUSTED, message: "HTTP 429" },
    { code: Code.FAILED_PRECONDITION, message: "HTTP 400: no version 7" },
    { code: Code.NOT_FOUND, message: "HTTP 404: <html>not here</html>" },
    { code: Code.UNAVAILABLE },
    { code: Code.INVALID_ARGUMENT, message: "HTTP 418" },
  ]);
});

test("a call that is not answered ends at its deadline, and the next has a connection of its own", async () => {
  let calls = 0;
  await using setup = await open((request, response) => {
    if (++calls > 1) echo(request, response);
  });
  expect(await setup.call("{}", soon())).toMatchObject({ code: Code.DEADLINE_EXCEEDED });
  expect(String(await setup.call("again"))).toContain("again");
  expect(setup.sockets.size).toBe(2);
});

test("a cancelled call ends as cancelled", async () => {
  await using setup = await open(() => setup.sender.cancel(0));
  expect(await setup.call("{}")).toMatchObject({ code: Code.CANCELLED });
});

test("a server that closes after each answer is called on new connections; one that breaks off has lost the call", async () => {
  let calls = 0;
  await using setup = await open((request, response) => {
    response.setHeader("connection", "close");
    if (++calls === 3) request.socket.destroy();
    else echo(request, response);
  });
  expect(String(await setup.call("one"))).toContain("one");
  expect(String(await setup.call("two"))).toContain("two");
  expect(await setup.call("three")).toMatchObject({ code: Code.UNAVAILABLE, isLost: true });
  expect(String(await setup.call("four"))).toContain("four");
});

test("TLS, with a certificate of its own", async () => {
  const authority = createTrialAuthority();
  const { certificate: serverAuthority } = authority;
  const { certificate: cert, key } = authority.issue("server");
  await using setup = await open(echo, {
    plan: planOf({}, { serverAuthority, ...authority.issue("generator") }),
    certificates: { cert, key, ca: serverAuthority, requestCert: true, rejectUnauthorized: true },
  });
  await setup.sender.connect();
  expect(String(await setup.call("secret"))).toContain("secret");
});

test("a target that is not there is named, with the reason", async () => {
  const sender = openSenders(planOf())("127.0.0.1:1", createListener());
  await expect(sender.connect()).rejects.toThrow(
    /^127\.0\.0\.1:1 cannot be reached: cannot connect to 127\.0\.0\.1:1: .*ECONNREFUSED/,
  );
});

test.each([
  [{ "x y": "1" }, "x y"],
  [{ name: "a\r\nb: c" }, "cannot be sent"],
  [{ "content-length": "3" }, "not for a plan to set"],
])("headers that no request can carry are refused: %j", (metadata, why) => {
  expect(() => openSenders(planOf(metadata))("127.0.0.1:1", createListener())).toThrow(why);
});
