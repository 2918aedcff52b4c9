import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { startServer } from "../transport/open.ts";
import { listen } from "./listen.ts";
import { listenBy } from "./listen-by.ts";

const metrics = { setting: "metricsPort", hostSetting: "host", mayBeOff: true };
const grpc = { setting: "port", hostSetting: "host", mayBeOff: false };
const here = "127.0.0.1";

async function takenPort() {
  const server = createServer().listen(0, here);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.dispose]: () => void server.close() };
}

test("a taken port is told with its setting, whatever listens", async () => {
  using taken = await takenPort();
  const { port } = taken;
  const onWeb = listenBy({ ...metrics, host: here, port }, () =>
    listen(createServer(), here, port),
  );
  await expect(onWeb).rejects.toThrow(
    `--metrics-port ${port} is taken on 127.0.0.1: give another, or off`,
  );
  const onGrpc = listenBy({ ...grpc, host: here, port }, () =>
    startServer([], { host: here, port }),
  );
  await expect(onGrpc).rejects.toThrow(/^--port \d+ is taken on 127\.0\.0\.1: give another$/);
});

test("an address of another machine is told with the host's setting", async () => {
  const host = "192.0.2.1";
  const there = listenBy({ ...metrics, host, port: 0 }, () => listen(createServer(), host, 0));
  await expect(there).rejects.toThrow("--host is 192.0.2.1, which is no address of this machine");
});

test("what has nothing to do with where it listens stays as it is", async () => {
  const error = new Error("the certificate has ended");
  const failing = listenBy({ ...grpc, host: here, port: 0 }, () => Promise.reject(error));
  await expect(failing).rejects.toBe(error);
});
