import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { startTcpProxy } from "./tcp-proxy.ts";

/** A server that sends back what it gets, and counts it. */
async function startEcho() {
  const sockets = new Set<Socket>();
  const seen = { bytes: 0 };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket
      .on("error", () => {})
      .on("data", (piece) => {
        seen.bytes += piece.length;
        socket.write(piece);
      });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    ...(server.address() as AddressInfo),
    seen,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** A client that keeps what it got. */
function openClient(port: number) {
  const socket = connect({ port, host: "127.0.0.1" });
  const got = { bytes: Buffer.alloc(0), ended: false, error: "" };
  socket.on("data", (piece) => (got.bytes = Buffer.concat([got.bytes, piece])));
  socket.on("end", () => (got.ended = true));
  socket.on("error", (error: NodeJS.ErrnoException) => (got.error = error.code ?? ""));
  return {
    socket,
    got,
    text: () => got.bytes.toString(),
    [Symbol.dispose]: () => socket.destroy(),
  };
}

async function open() {
  const echo = await startEcho();
  const proxy = await startTcpProxy({ port: echo.port });
  return {
    echo,
    proxy,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await echo[Symbol.asyncDispose]();
    },
  };
}

test("without faults everything passes, large amounts and the end included", async () => {
  await using both = await open();
  using client = openClient(both.proxy.port);
  const sent = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => i % 251));
  client.socket.end(sent);
  await expect.poll(() => client.got.ended).toBe(true);
  expect(client.got.bytes.equals(sent)).toBe(true);
  await expect.poll(() => both.proxy.connections).toBe(0);
});

test("delayed, it comes in the order in which it was sent, whatever the delay was then", async () => {
  await using both = await open();
  using client = openClient(both.proxy.port);
  for (const delayMs of [30, 0, 15, 0]) {
    both.proxy.set({ delayMs });
    client.socket.write(`${delayMs} `);
    // So that each piece is read with its own delay in force.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  }
  await expect.poll(client.text).toBe("30 0 15 0 ");
});

test("in a blackhole nothing passes; afterwards all of it does", async () => {
  await using both = await open();
  const { proxy, echo } = both;
  using client = openClient(proxy.port);
  client.socket.write("before ");
  await expect.poll(client.text).toBe("before ");
  proxy.set({ blackhole: "all" });
  using late = openClient(proxy.port);
  await once(late.socket, "connect");
  late.socket.write("late");
  client.socket.write("within");
  await expect.poll(() => proxy.connections).toBe(2);
  await answerDirectly(echo.port);
  expect(echo.seen.bytes).toBe("before direct".length);
  proxy.set({});
  await expect.poll(client.text).toBe("before within");
  await expect.poll(late.text).toBe("late");
});

test("where only replies are lost, the server has done what it was asked", async () => {
  await using both = await open();
  const { proxy, echo } = both;
  proxy.set({ blackhole: "replies" });
  using client = openClient(proxy.port);
  client.socket.write("do it");
  await expect.poll(() => echo.seen.bytes).toBe(5);
  await answerDirectly(echo.port);
  expect(client.text()).toBe("");
  proxy.set({});
  await expect.poll(client.text).toBe("do it");
});

test("a reset ends what is open, and refusing what comes", async () => {
  await using both = await open();
  const { proxy } = both;
  using client = openClient(proxy.port);
  client.socket.write("x");
  await expect.poll(client.text).toBe("x");
  proxy.reset();
  await expect.poll(() => client.got.error).toBe("ECONNRESET");
  proxy.set({ refuse: true });
  using refused = openClient(proxy.port);
  await expect.poll(() => refused.got.error).toBe("ECONNRESET");
  proxy.set({});
  using again = openClient(proxy.port);
  again.socket.write("y");
  await expect.poll(again.text).toBe("y");
});

test("cut in the middle of a message", async () => {
  await using both = await open();
  both.proxy.set({ cutAfterBytes: 7 });
  using client = openClient(both.proxy.port);
  client.socket.write("0123456789");
  await expect.poll(() => client.got.ended).toBe(true);
  expect(client.text()).toBe("0123456");
  await expect.poll(() => both.proxy.connections).toBe(0);
});

test("a server that is not there resets the client", async () => {
  const echo = await startEcho();
  await echo[Symbol.asyncDispose]();
  await using proxy = await startTcpProxy({ port: echo.port });
  using client = openClient(proxy.port);
  await expect.poll(() => client.got.error).toBe("ECONNRESET");
});

async function answerDirectly(port: number): Promise<void> {
  using direct = openClient(port);
  direct.socket.write("direct");
  await expect.poll(direct.text).toBe("direct");
}
