import { once } from "node:events";
import { mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import type { Call } from "../call.ts";
import type { Method } from "../transport.ts";
import { aborted, deferred } from "./deferred.contract.ts";
import {
  bytes,
  echo,
  echoPath,
  openPair,
  openSockets,
  text,
  type Transport,
} from "./open-pair.contract.ts";
import { openRawCaller } from "./raw-caller.contract.ts";

function held() {
  const called = deferred<Call>();
  const answer = deferred<Uint8Array>();
  const handle = (_: Uint8Array, call: Call) => (called.resolve(call), answer.promise);
  const method: Method = { kind: "unary", path: "/test.Service/Held", handle };
  return { method, called: called.promise, answer: answer.resolve };
}

async function scratchFolder() {
  const path = await mkdtemp(join(tmpdir(), "crossfade-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

function testClosing(transport: Transport): void {
  test("calls in flight finish, new ones are refused", async () => {
    const { method, called, answer } = held();
    await using pair = await openPair(transport, [method, echo]);
    const reply = pair.channel.unary(method.path, bytes(""));
    await called;
    const closing = pair.server.close(60_000);
    using late = transport.openChannel(pair.server.address);
    await expect(late.unary(echoPath, bytes(""))).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    answer(bytes("in time"));
    expect(text(await reply)).toBe("in time");
    await closing;
  });

  test("a call that outlasts the grace is cut, and its handler told", async () => {
    const { method, called } = held();
    await using pair = await openPair(transport, [method]);
    const reply = pair.channel.unary(method.path, bytes("")).catch((error: unknown) => error);
    const { signal } = await called;
    await pair.server.close(20);
    expect(await aborted(signal)).toMatchObject({ code: Code.CANCELLED });
    expect(await reply).toMatchObject({ code: Code.UNAVAILABLE, isLost: true });
  });

  test("an idle connection does not hold it up, and closing twice is closing once", async () => {
    await using pair = await openPair(transport, [echo]);
    await pair.channel.unary(echoPath, bytes(""));
    await Promise.all([pair.server.close(60_000), pair.server.close(60_000)]);
  });

  test("a closed channel leaves no connection behind", async () => {
    await using pair = await openPair(transport, [echo]);
    const before = openSockets();
    await pair.channel.unary(echoPath, bytes(""));
    expect(openSockets()).toBeGreaterThan(before);
    pair.channel.close();
    await expect.poll(openSockets).toBe(before);
  });

  test("a closed channel lets its call finish and refuses the next", async () => {
    const { method, called, answer } = held();
    await using pair = await openPair(transport, [method]);
    const reply = pair.channel.unary(method.path, bytes(""));
    await called;
    pair.channel.close();
    await expect(pair.channel.unary(method.path, bytes(""))).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
    });
    answer(bytes("done"));
    expect(text(await reply)).toBe("done");
  });
}

function testConnections(transport: Transport): void {
  test("an old connection is told to go", async () => {
    await using pair = await openPair(transport, [echo], { server: { maxConnectionAgeMs: 20 } });
    await using raw = await openRawCaller(pair.server.address);
    const [code] = (await once(raw.session, "goaway")) as [number];
    expect(code).toBe(0);
  });

  test("no call fails while connections grow old", async () => {
    await using pair = await openPair(transport, [echo], { server: { maxConnectionAgeMs: 100 } });
    const end = performance.now() + 500;
    const caller = async () => {
      let answered = 0;
      for (; performance.now() < end; answered += 1) await pair.channel.unary(echoPath, bytes("x"));
      return answered;
    };
    const answered = await Promise.all(Array.from({ length: 8 }, caller));
    expect(Math.min(...answered)).toBeGreaterThan(0);
  });

  test("a caller waits rather than exceed the streams of a connection", async () => {
    let running = 0;
    let most = 0;
    const counted: Method = {
      kind: "unary",
      path: "/test.Service/Counted",
      async handle(request) {
        most = Math.max(most, (running += 1));
        await new Promise(setImmediate);
        running -= 1;
        return request;
      },
    };
    await using pair = await openPair(transport, [counted, echo], {
      server: { maxConcurrentStreams: 3 },
    });
    // The limit is known once the server's settings have come.
    await pair.channel.unary(echoPath, bytes("x"));
    await Promise.all(
      Array.from({ length: 50 }, () => pair.channel.unary(counted.path, bytes("x"))),
    );
    expect(most).toBeLessThanOrEqual(3);
  });
}

function testAddresses(transport: Transport): void {
  test("a taken port is refused by name", async () => {
    await using pair = await openPair(transport, [echo]);
    const second = transport.startServer([echo], { port: pair.server.port });
    await expect(second).rejects.toThrow(pair.server.address);
  });

  test("a unix socket: served, and removed at the end", async () => {
    await using folder = await scratchFolder();
    {
      await using pair = await openPair(transport, [echo], {
        server: { host: `unix:${folder.path}/a.sock` },
      });
      expect(pair.server).toMatchObject({ address: `unix:${folder.path}/a.sock`, port: 0 });
      expect(text(await pair.channel.unary(echoPath, bytes("local")))).toBe("local");
    }
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("a unix socket that a killed server left behind is taken over", async () => {
    await using folder = await scratchFolder();
    const killed = createServer().listen(join(folder.path, "b.sock"));
    await once(killed, "listening");
    await rename(join(folder.path, "b.sock"), join(folder.path, "stale.sock"));
    await new Promise((closed) => killed.close(closed));
    await using pair = await openPair(transport, [echo], {
      server: { host: `unix:${folder.path}/stale.sock` },
    });
    expect(text(await pair.channel.unary(echoPath, bytes("local")))).toBe("local");
  });

  test("a file that is no socket is refused by name, and kept", async () => {
    await using folder = await scratchFolder();
    const file = join(folder.path, "notes.txt");
    const link = join(folder.path, "link");
    await writeFile(file, "mine");
    await symlink(file, link);
    for (const path of [file, link])
      await expect(transport.startServer([echo], { host: `unix:${path}` })).rejects.toThrow(path);
    expect(await readdir(folder.path)).toEqual(["link", "notes.txt"]);
    expect(await readFile(file, "utf8")).toBe("mine");
  });

  test("a unix socket that somebody serves is left to them", async () => {
    await using folder = await scratchFolder();
    const host = `unix:${folder.path}/c.sock`;
    await using pair = await openPair(transport, [echo], { server: { host } });
    await expect(transport.startServer([echo], { host })).rejects.toThrow(host);
    expect(text(await pair.channel.unary(echoPath, bytes("mine")))).toBe("mine");
  });
}

export function testLifecycle(transport: Transport): void {
  describe("closing", () => testClosing(transport));
  describe("connections", () => testConnections(transport));
  describe("addresses", () => testAddresses(transport));
}
