import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { openFolder } from "../router.fixture.ts";
import { openAdmin } from "./admin.fixture.ts";

test("idle connections keep nobody out, and who watches is never cut off for them", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  const watch = admin.rpc.watch("toy");
  await watch.next();
  const idle: Socket[] = [];
  for (const port of [admin.admin.grpcPort!, admin.admin.httpPort!])
    for (let i = 0; i < 300; i++) {
      const socket = connect(port, "127.0.0.1").on("error", () => {});
      idle.push(socket);
      await once(socket, "connect");
    }
  expect((await admin.get("/v1/rollouts/toy")).status).toBe(200);
  await admin.rpc.change({ change: { $case: "abort", value: {} } });
  expect((await watch.next()).value!.rollout!.revision).toBe(2);
  await watch.return(undefined);
  for (const socket of idle) socket.destroy();
});
