import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createTrialAuthority } from "../../../transport/issue-certificates.ts";
import { eventually } from "../eventually.contract.ts";
import { rolloutOf } from "../rollouts.fixture.ts";
import { scratchFolder } from "../scratch-folder.fixture.ts";
import { openFollowed } from "./followed-store.fixture.ts";
import { freePort } from "./free-port.fixture.ts";
import { isRedisMissing, startRedis, whyNoRedis } from "./redis.fixture.ts";

const first = rolloutOf({ revision: 1 });

/** An authority, and what servers and clients need of it. */
async function openAuthority() {
  const folder = await scratchFolder();
  const authority = createTrialAuthority();
  const server = authority.issue("redis");
  const client = authority.issue("router");
  const file = async (name: string, text: string) => {
    await writeFile(join(folder.path, name), text);
    return join(folder.path, name);
  };
  const lines = [
    `tls-cert-file ${await file("cert.pem", server.certificate)}`,
    `tls-key-file ${await file("key.pem", server.key)}`,
    `tls-ca-cert-file ${await file("ca.pem", authority.certificate)}`,
    "tls-replication yes",
  ];
  return {
    tls: { ca: authority.certificate, cert: client.certificate, key: client.key },
    /** Lines of redis.conf. */
    config: (port: number) => [`tls-port ${port}`, ...lines],
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe.skipIf(isRedisMissing)(`over TLS${whyNoRedis}`, () => {
  test("to one server, by the authority that was given and no other", async () => {
    await using authority = await openAuthority();
    const { tls, config } = authority;
    const port = await freePort();
    await using redis = await startRedis({ config: config(port) });
    const url = `rediss://localhost:${port}`;
    await using followed = await openFollowed(url, { tls, timeoutMs: 1_000 });
    await followed.written(first, 0);
    await eventually(followed.now).toEqual({ revision: 1, state: "up" });
    expect(await redis.ask("HGET", "crossfade:{toy}:rollout", "revision")).toBe("1");
    const other = { ...tls, ca: createTrialAuthority().certificate };
    await using refused = await openFollowed(url, { tls: other });
    await eventually(refused.now).toMatchObject({ state: "down" });
    await eventually(() =>
      refused.store.read("toy").catch((error: Error) => error.message),
    ).toMatch(/certificate|signature/);
  });

  test("to sentinels, and to the server that they name", async () => {
    await using authority = await openAuthority();
    const { tls, config } = authority;
    const [port, sentinelPort] = [await freePort(), await freePort()];
    await using redis = await startRedis({ config: config(port) });
    const watching = [...config(sentinelPort), `sentinel monitor main 127.0.0.1 ${port} 1`];
    await using sentinel = await startRedis({ config: watching, isSentinel: true });
    const url = `rediss+sentinel://127.0.0.1:${sentinelPort}/main`;
    await using followed = await openFollowed(url, { tls, timeoutMs: 1_000 });
    await followed.written(first, 0);
    await eventually(followed.now).toEqual({ revision: 1, state: "up" });
    expect(await redis.ask("HGET", "crossfade:{toy}:rollout", "revision")).toBe("1");
    expect(await sentinel.ask("PING")).toBe("PONG");
  });

  test("to the nodes of a cluster", async () => {
    await using authority = await openAuthority();
    const { tls, config } = authority;
    const [port, busPort] = [await freePort(), await freePort()];
    const alone = ["cluster-enabled yes", `cluster-port ${busPort}`, "tls-cluster yes"];
    const announced = "cluster-announce-ip 127.0.0.1";
    await using node = await startRedis({ config: [...config(port), ...alone, announced] });
    await node.ask("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    const url = `rediss+cluster://127.0.0.1:${port}`;
    await using followed = await openFollowed(url, { tls, timeoutMs: 1_000 });
    await followed.written(first, 0);
    await eventually(followed.now).toEqual({ revision: 1, state: "up" });
    await eventually(() => followed.told.notices.at(-1)).toBe(
      "the store tells of changes by itself",
    );
  });
});
