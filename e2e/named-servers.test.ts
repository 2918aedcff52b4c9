import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { callWith } from "../backends/backend.contract.ts";
import type { Answer } from "../backends/backend.ts";
import { createEndpoints } from "../backends/endpoints/endpoints.ts";
import { createQuery } from "../backends/query.ts";
import { listenerId } from "../loadtest/world/create-world.ts";
import { ServingError } from "../proto/serving-error.ts";
import { readConfig } from "../server/config/read-config.ts";
import { routeSchema } from "../server/config/route-schema.ts";
import { createLog } from "../server/log/log.ts";
import { openServers } from "../server/routing/open-servers.ts";
import { createTrialAuthority, type TrialAuthority } from "../transport/issue-certificates.ts";
import { recommend, requestBytes } from "./calls.fixture.ts";
import { openRouter } from "./open-router.fixture.ts";
import { openFolder, openServer, type Folder } from "./open-server.fixture.ts";
import { buildSmallBundle } from "./small-bundle.fixture.ts";

/* A name that stands for servers on 127.0.0.1, 127.0.0.2, ... and one port, as a headless Service's does. */

const name = "servers.cluster";
const authority = createTrialAuthority();
let folder: Folder;
let port = 0;

const file = (path: string) => join(folder.path, path);

beforeAll(async () => {
  folder = await openFolder();
  await buildSmallBundle(file("models/playlists/1"), "1");
  await writeFile(file("authority.pem"), authority.certificate);
  await writePair("servers", authority, [name]);
  await writePair("router", authority, ["router.cluster"]);
});

afterAll(() => folder[Symbol.asyncDispose]());

async function writePair(who: string, from: TrialAuthority, names: readonly string[]) {
  const { certificate, key } = from.issue(who, { names });
  await writeFile(file(`${who}.pem`), certificate);
  await writeFile(file(`${who}-key.pem`), key);
}

/** Its certificate is for the name, and it wants one of its clients. */
async function serveOn(host: string) {
  const tls = ["--tls-certificate", file("servers.pem"), "--tls-key", file("servers-key.pem")];
  const mutual = [...tls, "--tls-client-authority", file("authority.pem")];
  const at = ["--host", host];
  const args = ["--models", file("models"), ...mutual, ...at];
  const server = await openServer([...args, ...(port === 0 ? [] : ["--port", String(port)])]);
  port = server.serving.port;
  return server;
}

/** The servers of the name, as a router has them; `hosts` are its addresses. */
async function follow(hosts: () => readonly string[], trusted = "authority.pem") {
  const args = ["--servers", `dns:${name}:${port}`, "--poll-ms", "20ms", "--connections", "1"];
  const shown = ["--servers-tls-certificate", file("router.pem")];
  const tls = [
    "--servers-tls-authority",
    file(trusted),
    "--servers-tls-key",
    file("router-key.pem"),
  ];
  const all = [...args, ...shown, ...tls];
  const read = readConfig(routeSchema, { args: all, env: {}, readFile: () => "" });
  if ("problems" in read) throw new Error(read.problems.join("\n"));
  const logged: string[] = [];
  const log = createLog({ isPretty: false, write: (line) => logged.push(line) });
  const lookUp = async () => hosts();
  const servers = await openServers(read.config, { router: () => undefined, log, lookUp });
  const endpoints = createEndpoints(servers.endpoints);
  const stopping = new AbortController();
  const following = servers.follow(endpoints, stopping.signal);
  onTestFinished(async () => {
    stopping.abort();
    await following;
    await endpoints.close();
  });
  await servers.looked;
  return { endpoints, servers, logged };
}

async function ask(endpoints: ReturnType<typeof createEndpoints>): Promise<Answer> {
  const names = { model: "playlists", version: "", user: Buffer.from(listenerId(1)) };
  const bytes = requestBytes({ model: "playlists", userId: listenerId(1) });
  const call = callWith({ deadlineMs: performance.now() + 20_000 });
  return (await endpoints.answer([createQuery(bytes, call, names)]))[0]!;
}

const isReply = (answer: Answer) => !(answer instanceof ServingError);
const until = <Value>(probe: () => Value | Promise<Value>) =>
  vi.waitUntil(probe, { timeout: 20_000 });

test("a pool is scaled up and down, by TLS, and no call fails", async () => {
  const first = await serveOn("127.0.0.1");
  let hosts: readonly string[] = ["127.0.0.1"];
  const { endpoints, servers, logged } = await follow(() => hosts);
  const tells = (what: string, host: string) =>
    logged.some((line) => line.includes(what) && line.includes(`${host}:${port}`));
  expect(await ask(endpoints)).toSatisfy(isReply);

  const second = await serveOn("127.0.0.2");
  hosts = ["127.0.0.1", "127.0.0.2"];
  await until(() => tells("server came", "127.0.0.2"));
  expect(await ask(endpoints)).toSatisfy(isReply);

  hosts = ["127.0.0.2"];
  await until(() => tells("server left", "127.0.0.1"));
  await first[Symbol.asyncDispose]();
  for (let i = 0; i < 20; i += 1) expect(await ask(endpoints)).toSatisfy(isReply);
  expect(servers.models.list()).toMatchObject([{ model: "playlists", version: "1" }]);

  hosts = [];
  await until(() => tells("server left", "127.0.0.2"));
  expect(await ask(endpoints)).toMatchObject({ message: expect.stringContaining("no server") });
  await second[Symbol.asyncDispose]();
});

test("new TLS files are used without a restart, once servers can be reached with them", async () => {
  await writeFile(file("trusted.pem"), authority.certificate);
  await using _ = await serveOn("127.0.0.1");
  const { endpoints, logged } = await follow(() => ["127.0.0.1"], "trusted.pem");
  expect(await ask(endpoints)).toSatisfy(isReply);

  // Trusting somebody else alone reaches nobody: the old connections stay, and the new files are tried again and again.
  const other = createTrialAuthority("somebody else").certificate;
  await writeFile(file("trusted.pem"), other);
  for (let i = 0; i < 20; i += 1) expect(await ask(endpoints)).toSatisfy(isReply);
  await writeFile(file("trusted.pem"), `${other}${authority.certificate}`);
  await until(() => logged.some((line) => line.includes("connected anew")));
  expect(await ask(endpoints)).toSatisfy(isReply);
});

test("a whole router looks names up as the system does", async () => {
  await using server = await openServer(["--models", file("models")]);
  const servers = `edge=dns:localhost:${server.serving.port}`;
  await using router = await openRouter(["--servers", servers]);
  expect((await recommend(router.channel, { userId: listenerId(1) })).items).toHaveLength(10);
});
