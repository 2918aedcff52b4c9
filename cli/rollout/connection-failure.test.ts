import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { expect, test } from "vitest";
import { startServer } from "../../transport/open.ts";
import { openScene, runCli, words } from "./cli.fixture.ts";

async function listening(server: Server): Promise<Server> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

const addressOf = (server: Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`;

async function get(address: string, more = "") {
  const { code, printed, complained } = await runCli(
    words(`set weight canary=1% toy -m x --admin ${address} ${more}`),
  );
  expect({ code, printed }).toEqual({ code: 1, printed: "" });
  expect(complained).not.toMatch(/Resolution note|Last error|may have been done/);
  return complained;
}

test("where nothing listens, that is said", async () => {
  const server = await listening(createServer());
  const address = addressOf(server);
  server.close();
  expect(await get(address)).toBe(
    `crossfade rollout: UNAVAILABLE: nothing listens at ${address}\n--admin or CROSSFADE_ADMIN says where a router's admin API is.\n`,
  );
  expect(await get("unix:/tmp/no-crossfade-here")).toContain("nothing listens at unix:/tmp/no-");
  expect(await get("no-such-host.invalid:8503")).toContain("no host has the name in no-such-host");
});

test("a port that is another's is told from the admin port", async () => {
  await using data = await startServer([]);
  const said = await get(data.address);
  expect(said).toContain("is it a data port? a router's admin port is 8503");
  await using scene = await openScene();
  const json = `127.0.0.1:${scene.admin.admin.httpPort}`;
  expect(await get(json)).toContain(`${json} is no gRPC port; a router's admin port is 8503`);
});

test("a port that hangs up, or takes no connection, is told from one where nothing listens", async () => {
  const rude = await listening(createServer((socket) => socket.destroy()));
  expect(await get(addressOf(rude))).toContain("closes connections at once: does it want TLS");
  rude.close();
  const silent = await listening(createServer());
  expect(await get(addressOf(silent), "--timeout 200ms")).toContain("did not take the connection");
  silent.close();
});
