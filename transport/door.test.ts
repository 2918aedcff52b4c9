import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { expect, test } from "vitest";
import { createDoor, type DoorOptions } from "./door.ts";

async function openHouse(options: Partial<DoorOptions> = {}) {
  const door = createDoor({ maxConnections: 4, maxPerAddress: 3, graceMs: 60_000, ...options });
  const server = createServer();
  door.guard(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  return {
    door,
    async come(localAddress = "127.0.0.1") {
      const socket = connect({ port, host: "127.0.0.1", localAddress }).on("error", () => {});
      const closed = once(socket, "close");
      sockets.push(socket);
      await Promise.race([once(socket, "connect"), closed]);
      return { closed, socket, address: localAddress, port: socket.localPort!, names: [] };
    },
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test("the oldest stranger of an address makes room, never who is known", async () => {
  using house = await openHouse();
  const known = await house.come();
  house.door.know(known);
  const [first, second] = [await house.come(), await house.come()];
  const third = await house.come();
  await first.closed;
  house.door.know(second);
  house.door.know(third);
  const fourth = await house.come();
  await fourth.closed;
  expect([known, second, third].map(({ socket }) => socket.destroyed)).toEqual([
    false,
    false,
    false,
  ]);
});

test("where all is full, the oldest stranger of any address makes room", async () => {
  using house = await openHouse();
  const all = [];
  for (const address of ["127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.0.3"])
    all.push(await house.come(address));
  await house.come("127.0.0.4");
  await all[0]!.closed;
  expect(all.slice(1).map(({ socket }) => socket.destroyed)).toEqual([false, false, false]);
});

test("a stranger is cut off in the end, who is known stays", async () => {
  using house = await openHouse({ graceMs: 300 });
  const known = await house.come();
  house.door.know(known);
  const stranger = await house.come();
  await stranger.closed;
  expect(known.socket.destroyed).toBe(false);
});
