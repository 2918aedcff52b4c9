import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { Code } from "../../../proto/serving-error.ts";
import { openFolder } from "../router.fixture.ts";
import { openAdmin, toWeight } from "./admin.fixture.ts";
import { shows, tokens, writeTokens } from "./tokens.fixture.ts";

test("viewers leave places to watch for those who wait for their changes", async () => {
  await using folder = await openFolder();
  const credentials = await writeTokens(folder);
  await using admin = await openAdmin({ folder, credentials, maxWatchers: 2 });
  const watch = admin.rpc.watch("toy", shows(tokens.viewer));
  await watch.next();
  await expect(admin.rpc.watch("toy", shows(tokens.viewer)).next()).rejects.toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
  });
  const waiting = admin.rpc.watch("toy", shows(tokens.operator));
  expect((await waiting.next()).value!.rollout!.revision).toBe(1);
  await Promise.all([watch.return(undefined), waiting.return(undefined)]);
});

test("a token that is revoked watches no more", async () => {
  await using folder = await openFolder();
  const credentials = await writeTokens(folder);
  await using admin = await openAdmin({ folder, credentials });
  const watch = admin.rpc.watch("toy", shows(tokens.viewer));
  await watch.next();
  const lines = (await readFile(credentials, "utf8")).split("\n");
  const others = lines.filter((line) => !line.includes('"viewer"'));
  await writeFile(credentials, others.join("\n"));
  await expect.poll(() => admin.logged.join("")).toContain("admin credentials read");
  await admin.rpc.change(toWeight(250), shows(tokens.operator));
  await expect(watch.next()).rejects.toMatchObject({ code: Code.UNAUTHENTICATED });
});

test("of strangers no body is read", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder, credentials: await writeTokens(folder) });
  const socket = connect(admin.admin.httpPort!, "127.0.0.1");
  const head = [
    "POST /v1/rollouts/toy:abort HTTP/1.1",
    "host: x",
    "content-type: application/json",
  ];
  socket.write([...head, "content-length: 1000", "", "{"].join("\r\n"));
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(String(answer)).toMatch(/^HTTP\/1.1 401 /);
  socket.destroy();
});
