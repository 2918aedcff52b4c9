import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli, words, type Seat } from "../cli/loadtest/cli.fixture.ts";
import { readResult } from "../loadtest/saved-result.ts";
import { findMethod } from "../loadtest/workloads/find-method.ts";
import { schemaOfServer } from "../loadtest/workloads/schema-of-server.ts";
import { createTrialAuthority } from "../transport/issue-certificates.ts";
import { openFolder, openServer, type Folder, type OpenServer } from "./open-server.fixture.ts";
import { buildSmallBundle } from "./small-bundle.fixture.ts";

let folder: Folder;
let server: OpenServer;

beforeAll(async () => {
  folder = await openFolder();
  await buildSmallBundle(`${folder.path}/models/playlists/1`);
  server = await openServer(["--models", `${folder.path}/models`]);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const quick = "--for 500ms --quiet";
const short = `${quick} --warm-up 100ms`;

/** A line against the server; GRPC, HTTP and DIR stand for where things are. */
function load(line: string, seat: Seat = {}) {
  const { address, httpPort } = server.serving;
  const here = line
    .replaceAll("GRPC", address)
    .replaceAll("HTTP", `127.0.0.1:${httpPort}`)
    .replaceAll("DIR", folder.path);
  return runCli(words(here), seat);
}

/** Of what was saved in a folder. */
async function saved(name: string) {
  return readResult(await readFile(`${folder.path}/${name}/result.json`, "utf8"));
}

/** Busy machines make a run invalid, but no call fails for that, and none is a failure. */
async function expectAllOk(name: string, ran: { code: number; complained: string }, calls: number) {
  expect([0, 2]).toContain(ran.code);
  expect(ran.complained).toBe("");
  const result = await saved(name);
  expect(result.messages).toEqual({});
  expect(result.codes).toEqual({ OK: calls });
  expect(ran.code === 0).toBe(result.invalid.length === 0);
  return result;
}

test("the world's users, by gRPC: all figures, and every document", async () => {
  const files = { "slo.yaml": "p50: 10s\nerrors: 0%\n" };
  const line = `run -t GRPC --rate 80/s ${short} --cold 10% --history 5 --slo slo.yaml --out DIR/world`;
  const ran = await load(line, { files });
  const { counts, backends } = await expectAllOk("world", ran, 40);
  expect(counts.answers).toBe(40);
  expect(Object.keys(backends)).toEqual([expect.stringMatching(/^cpu-/)]);
  expect(await readdir(`${folder.path}/world`)).toEqual([
    "junit.xml",
    "report.html",
    "result.json",
    "summary.md",
    "verdict.json",
  ]);
  const verdict = JSON.parse(await readFile(`${folder.path}/world/verdict.json`, "utf8"));
  expect(verdict).toMatchObject({ exitCode: ran.code, counts: { ok: 40 } });
  expect(await readFile(`${folder.path}/world/report.html`, "utf8")).toContain("</html>");
  // Told again from what was saved, with other limits, it judges anew.
  const again = await load("report DIR/world/result.json --slo strict.yaml -o json", {
    files: { "strict.yaml": "p50: 1us\n" },
  });
  expect(again.code).toBe(ran.code === 0 ? 1 : 2);
  expect(JSON.parse(again.printed)).toMatchObject({ counts: { ok: 40 } });
});

test("batches, arrivals by chance, and cancelled calls", async () => {
  const ran = await load(
    `run -t GRPC --rate 80/s --poisson ${short} --batch "1:50 20:50" --out DIR/batches`,
  );
  const { counts, rows } = await saved("batches");
  expect([0, 2]).toContain(ran.code);
  expect(counts.failed).toBe(0);
  expect(rows).toEqual({ OK: counts.answers });
  expect(counts.answers).toBeGreaterThan(counts.ok);
  await load(`run -t GRPC --rate 200/s ${short} --cancel 50%@0ms --out DIR/cancels`);
  const cancels = await saved("cancels");
  expect(cancels.counts.failed).toBe(0);
  expect(cancels.counts.cancelled + cancels.counts.ok).toBe(100);
});

const ask = `--data '{"model":"playlists","userId":"u{{$int 1 99}}","topK":3}'`;

test("any service by reflection", async () => {
  const ran = await load(
    `run -t GRPC --rate 40/s ${short} --call Recommend ${ask} --out DIR/reflected`,
  );
  const { about, counts } = await expectAllOk("reflected", ran, 20);
  expect(about.method).toBe("/crossfade.v1.RecommenderService/Recommend");
  expect(counts.answers).toBe(20);
});

test("any service by its .proto, with rows of a file", async () => {
  const ran = await load(
    `run -t GRPC --rate 40/s ${short} --call grpc.health.v1.Health/Check --reflect --out DIR/health`,
  );
  await expectAllOk("health", ran, 20);
  const proto = "--proto proto/crossfade/v1/recommender.proto --import-path proto";
  const rows = `${folder.path}/users.jsonl`;
  await writeFile(rows, '{"user":"u1"}\n{"user":"u2"}\n');
  const data = `--data '{"model":"playlists","userId":"{{user}}"}' --rows ${rows}`;
  const line = `run -t GRPC --rate 40/s ${short} --call RecommenderService/Recommend ${proto} ${data}`;
  await expectAllOk("proto", await load(`${line} --out DIR/proto`), 20);
});

test("a method that is not there is named with the nearest; a server that lacks a model fails the run", async () => {
  const unknown = await load(`run -t GRPC --rate 20/s --call Recomend ${ask}`);
  expect(unknown).toMatchObject({
    code: 2,
    complained: expect.stringContaining("did you mean crossfade.v1.RecommenderService/Recommend?"),
  });
  const noModel = await load(
    `run -t GRPC --rate 40/s ${short} --model films --slo slo.yaml -o json`,
    { files: { "slo.yaml": "errors: 1%\n" } },
  );
  const { outcome, codes, exitCode } = JSON.parse(noModel.printed);
  expect(codes).toEqual({ NOT_FOUND: 20 });
  expect([outcome, exitCode]).toEqual(noModel.code === 1 ? ["fail", 1] : ["invalid", 2]);
});

test("the world over HTTP, and any route of it", async () => {
  await expectAllOk(
    "http",
    await load(`run -t HTTP --http --rate 40/s ${short} -c 8 --out DIR/http`),
    20,
  );
  const routes = `run -t HTTP --http --rate 40/s ${short} -c 8`;
  await expectAllOk("get", await load(`${routes} --path /v1/models --out DIR/get`), 20);
  const post = `${routes} --path /api/playlist/recommend/ --data '{"user_ids":["u1"]}'`;
  await expectAllOk("post", await load(`${post} --out DIR/post`), 20);
});

test("several generators send one run", async () => {
  const stop = new AbortController();
  const agent = async (whenUp: (address: string) => void) =>
    runCli(words("agent --port 0"), {
      signal: stop.signal,
      onTold: (text) => text.startsWith("127") && whenUp(text.trim()),
    });
  const addresses: string[] = [];
  const agents: ReturnType<typeof agent>[] = [];
  for (let i = 0; i < 2; i++)
    addresses.push(await new Promise((whenUp) => agents.push(agent(whenUp))));
  const ran = await load(
    `run -t GRPC --rate 80/s ${short} --agents ${addresses.join(",")} --out DIR/agents`,
  );
  const { generator } = await expectAllOk("agents", ran, 40);
  expect(generator.generators.map(({ name }) => name)).toEqual(addresses);
  stop.abort();
  expect((await Promise.all(agents)).map(({ code }) => code)).toEqual([0, 0]);
});

test("TLS, with a certificate of the caller's own; agents behind a token", async () => {
  const authority = createTrialAuthority();
  const issued = { server: authority.issue("server"), caller: authority.issue("caller") };
  const at = (name: string) => `${folder.path}/${name}.pem`;
  await writeFile(at("authority"), authority.certificate);
  for (const [name, { certificate, key }] of Object.entries(issued)) {
    await writeFile(at(name), certificate);
    await writeFile(at(`${name}-key`), key);
  }
  const models = ["--models", `${folder.path}/models`, "--tls-client-authority", at("authority")];
  const own = ["--tls-certificate", at("server"), "--tls-key", at("server-key")];
  await using safe = await openServer([...models, ...own]);
  const line = `run -t ${safe.serving.address} --rate 40/s ${short}`;
  const tls = `--tls-authority ${at("authority")}`;
  const caller = `--tls-certificate ${at("caller")} --tls-key ${at("caller-key")}`;
  await expectAllOk("tls", await load(`${line} ${tls} ${caller} --out DIR/tls`), 20);
  expect(await load(`${line} ${tls}`)).toMatchObject({
    code: 2,
    complained: expect.stringContaining("cannot be reached"),
  });

  const stop = new AbortController();
  let agent: Promise<unknown> | undefined;
  const address = await new Promise<string>((whenUp) => {
    agent = runCli(words("agent --port 0"), {
      signal: stop.signal,
      env: { CROSSFADE_AGENT_TOKEN: "secret" },
      onTold: (text) => text.startsWith("127") && whenUp(text.trim()),
    });
  });
  const byAgent = `run -t GRPC --rate 40/s ${short} --agents ${address}`;
  const refused = await load(byAgent);
  expect(refused.complained).toContain("UNAUTHENTICATED");
  const env = { CROSSFADE_AGENT_TOKEN: "secret" };
  await expectAllOk("token", await load(`${byAgent} --out DIR/token`, { env }), 20);
  stop.abort();
  await agent;
});

test("what callers send is recorded, and sent again", async () => {
  const stop = new AbortController();
  let recording: Promise<{ code: number }> | undefined;
  const address = await new Promise<string>((whenUp) => {
    recording = load("record DIR/calls.jsonl -t GRPC --port 0", {
      signal: stop.signal,
      onTold: (text) => text.startsWith("127") && whenUp(text.trim()),
    });
  });
  await runCli(words(`run -t ${address} --rate 40/s ${quick} --warm-up 0s -o json`));
  stop.abort();
  expect((await recording!).code).toBe(0);
  const again = await load(
    "run -t GRPC --replay DIR/calls.jsonl --speed 2 --warm-up 0s --quiet --out DIR/again",
  );
  await expectAllOk("again", again, 20);
});

test("interrupted, it tells what it has, marked as partial, and exits with 2", async () => {
  const stop = new AbortController();
  const onTold = (text: string) => /\/s {2}p50/.test(text) && stop.abort();
  const ran = await load("run -t GRPC --rate 20/s --for 10m --warm-up 0s --out DIR/partial", {
    signal: stop.signal,
    onTold,
  });
  expect(ran.code).toBe(2);
  expect(ran.printed).toMatch(/PARTIAL: it was interrupted after .* of 10 min/);
  expect((await saved("partial")).counts.ok).toBeGreaterThan(0);
  const page = await readFile(`${folder.path}/partial/report.html`, "utf8");
  expect(page).toContain("PARTIAL");
});

test("a server that dies in the middle ends the run, and fails it", async () => {
  const dying = await openServer(["--models", `${folder.path}/models`]);
  const target = dying.serving.address;
  let closing: PromiseLike<void> | undefined;
  const ran = await runCli(
    words(`run -t ${target} --rate 50/s --for 2s --warm-up 0s --deadline 1s`),
    {
      onTold: (text) => {
        if (/\/s {2}p50/.test(text)) closing ??= dying[Symbol.asyncDispose]();
      },
    },
  );
  await closing;
  expect(ran.printed).toMatch(/^UNAVAILABLE +\d+ +\S+/m);
  expect([1, 2]).toContain(ran.code);
});

test.skipIf(!existsSync("/dev/full"))(
  "a full disk: the verdict is told, and nothing is lost",
  async () => {
    const ran = await load(`run -t GRPC --rate 40/s ${short} --report /dev/full`);
    expect(ran.code).toBe(2);
    expect(ran.complained).toContain("/dev/full was not written: no space is left on its disk");
    expect(readResult(ran.printed.trimEnd().split("\n").at(-1)!).counts.ok).toBe(20);
  },
);

test("compares two servers, and says when it cannot", async () => {
  const ran = await load(
    `compare --a GRPC --b GRPC --a-name old --b-name new --rounds 5 --rate 200/s --for 100ms --warm-up 0s -q -o json`,
  );
  const { outcome, runs, names } = JSON.parse(ran.printed);
  expect(names).toEqual({ a: "old", b: "new" });
  expect(runs.length).toBeGreaterThanOrEqual(10);
  expect(ran.code).toBe({ pass: 0, fail: 1, invalid: 2 }[outcome as "pass"]);
}, 60_000);

test("searches for the largest rate", async () => {
  const ran = await load(
    "search -t GRPC --slo slo.yaml --from 50/s --least 50/s --most 50/s --window 300ms --warm-up 0s -q -o json",
    { files: { "slo.yaml": "p50: 5ms\n" } },
  );
  const { windows, found, exitCode } = JSON.parse(ran.printed);
  expect(ran.code).toBe(exitCode);
  expect(windows.length).toBeGreaterThanOrEqual(2);
  if (ran.code === 0) expect(found).toEqual({ perSecond: 50, limitedBy: "most" });
});

test("a server describes its services to the load test", async () => {
  const deadlineMs = performance.now() + 10_000;
  const registry = await schemaOfServer(server.channel, { deadlineMs });
  const { path, encode } = findMethod(registry, "BatchRecommend");
  expect(path).toBe("/crossfade.v1.RecommenderService/BatchRecommend");
  expect(encode({ requests: [{ userId: "u1" }] }).length).toBeGreaterThan(0);
});
