import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { Code, type CodeName } from "../../../proto/serving-error.ts";
import { createTrialAuthority } from "../../../transport/issue-certificates.ts";
import { openFolder, type Folder } from "../router.fixture.ts";
import { openAdmin, rpcOver, toWeight, type OpenAdmin } from "./admin.fixture.ts";
import { roles, type Role } from "./role.ts";
import { digestOf, makeToken } from "./token.ts";
import { lineOf, shows, tokens, writeTokens } from "./tokens.fixture.ts";
import { openChannel } from "../../../transport/open.ts";

type Attempt = (admin: OpenAdmin, options: object) => Promise<unknown>;

const change =
  (change: NonNullable<Parameters<OpenAdmin["rpc"]["change"]>[0]["change"]>): Attempt =>
  ({ rpc }, options) =>
    rpc.change({ dryRun: true, change }, options);

const steps = [{ basisPoints: 10, dwellMs: 1, pause: false }];

/** What each call needs. */
const needed: readonly (readonly [name: string, role: Role, attempt: Attempt])[] = [
  ["GetRollout", "viewer", ({ rpc }, as) => rpc.get({ model: "toy" }, as)],
  ["WatchRollout", "viewer", ({ rpc }, as) => rpc.watch("toy", as).next()],
  ["ListRollouts", "viewer", ({ rpc }, as) => rpc.list({}, as)],
  ["GetHistory", "viewer", ({ rpc }, as) => rpc.history({ model: "toy" }, as)],
  ["ExplainUser", "viewer", ({ rpc }, as) => rpc.explain({ model: "toy", userId: "u" }, as)],
  [
    "SimulateWeights",
    "viewer",
    ({ rpc }, as) => rpc.simulate({ model: "toy", basisPoints: { canary: 1 } }, as),
  ],
  ["set weight", "operator", change(toWeight(1).change!)],
  ["set version", "operator", change({ $case: "setVersion", value: { arm: "new", version: "9" } })],
  ["set steps", "operator", change({ $case: "setSteps", value: { steps } })],
  ["promote", "operator", change({ $case: "promote", value: { full: true, force: false } })],
  ["pause", "operator", change({ $case: "pause", value: {} })],
  ["resume", "operator", change({ $case: "resume", value: {} })],
  ["abort", "operator", change({ $case: "abort", value: {} })],
  ["undo", "operator", change({ $case: "undo", value: { toRevision: 0 } })],
  ["kill switch", "operator", change({ $case: "setKillSwitch", value: { arm: "stable" } })],
  ["adopt", "admin", change({ $case: "adopt", value: {} })],
  ["apply", "admin", change({ $case: "apply", value: { distributionJson: "{}" } })],
  [
    "LowerArm",
    "operator",
    ({ rpc }, as) => rpc.lower({ model: "toy", arm: "canary", ttlMs: 1, reason: "x" }, as),
  ],
  ["ForgetRouter", "operator", ({ rpc }, as) => rpc.forget({ router: "r", reason: "x" }, as)],
];

test("each role may call what it says, and no more", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder, credentials: await writeTokens(folder) });
  for (const [name, least, attempt] of needed) {
    for (const role of roles) {
      const error = await attempt(admin, shows(tokens[role])).catch((thrown: unknown) => thrown);
      const isDenied = roles.indexOf(role) < roles.indexOf(least);
      const outcome = [name, role, (error as { code?: Code }).code === Code.PERMISSION_DENIED];
      expect(outcome).toEqual([name, role, isDenied]);
      if (isDenied)
        expect((error as Error).message).toMatch(
          new RegExp(`needs the role ${least}, and ${role} is ${role}`),
        );
    }
  }
  const adopting = admin.rpc.change(
    { change: { $case: "adopt", value: {} } },
    shows(tokens.operator),
  );
  await expect(adopting).rejects.toThrow("adopt needs the role admin, and operator is operator");
  expect(admin.control.rollout("toy")!.distribution.revision).toBe(1);
});

test("the audit says whose token it was", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder, credentials: await writeTokens(folder) });
  const { rollout } = await admin.rpc.change(toWeight(250), shows(tokens.operator));
  expect(rollout!.changed).toMatchObject({ by: "operator", from: "127.0.0.1", reason: "a test" });
  expect(admin.logged.join("")).toMatch(/"rollout changed".*"by":"operator".*"reason":"a test"/);
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const strangers: readonly (readonly [
  what: string,
  headers: Record<string, string>,
  says: string,
])[] = [
  ["nobody", {}, "authorization: Bearer TOKEN"],
  ["another token", bearer(makeToken()), "not known here"],
  ["a token cut short", bearer(tokens.admin.slice(0, -1)), "not known here"],
  ["a password", bearer("hunter2"), "not known here"],
  ["the hash itself", bearer(digestOf(tokens.admin)!.toString("hex")), "not known here"],
  ["no bearer", { authorization: `Basic ${tokens.admin}` }, "no bearer token"],
  ["two tokens", bearer(`${tokens.admin} ${tokens.admin}`), "no bearer token"],
];

test.each(strangers)("%s is UNAUTHENTICATED, and told what to do", async (_, headers, says) => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder, credentials: await writeTokens(folder) });
  const refused = { code: Code.UNAUTHENTICATED, message: expect.stringContaining(says) };
  const metadata = new Map(Object.entries(headers));
  await expect(admin.rpc.get({ model: "toy" }, { metadata })).rejects.toMatchObject(refused);
  const watch = admin.rpc.watch("toy", { metadata });
  await expect(watch.next()).rejects.toMatchObject(refused);
  for (const path of ["/v1/rollouts", "/v1/rollouts/toy?watch=true"]) {
    const got = await admin.get(path, { headers });
    expect([got.status, got.json.error.code]).toEqual([401, "UNAUTHENTICATED"]);
    expect(got.headers.get("www-authenticate")).toBe("Bearer");
  }
  const body = "{ this is not even read";
  expect((await admin.post("/v1/rollouts/toy:abort", body, headers)).status).toBe(401);
  // What orchestrators ask, and what says how to ask, is no secret.
  expect((await admin.get("/healthz")).status).toBe(200);
  expect((await admin.get("/openapi.json")).json.security).toEqual([{ token: [] }]);
  expect(admin.logged.join("")).not.toContain(tokens.admin.slice(12, 30));
});

test("a token ends when it says, and when its line goes", async () => {
  await using folder = await openFolder();
  const old = makeToken();
  const expires = "2025-01-31T12:00:00Z";
  const line = lineOf("old", old, { role: "admin", expires });
  let nowMs = Date.parse(expires) - 1;
  const credentials = await writeTokens(folder, line);
  await using admin = await openAdmin({ folder, credentials, nowMs: () => nowMs });
  const get = (token: string) => admin.rpc.get({ model: "toy" }, shows(token));
  await get(old);
  nowMs += 1;
  await expect(get(old)).rejects.toMatchObject({
    code: Code.UNAUTHENTICATED,
    message: expect.stringContaining("expired at 2025-01-31T12:00:00.000Z"),
  });

  const next = makeToken();
  await writeTokens(folder, lineOf("next", next, { role: "viewer" }));
  await expect
    .poll(() =>
      get(next).then(
        () => "in",
        () => "out",
      ),
    )
    .toBe("in");
  await expect(get(old)).rejects.toMatchObject({ message: expect.stringContaining("not known") });
});

test("a file that breaks keeps those who were known, and is complained of once", async () => {
  await using folder = await openFolder();
  const credentials = await writeTokens(folder);
  await using admin = await openAdmin({ folder, credentials });
  const complaints = () => admin.logged.filter((line) => line.includes("credentials not read"));
  await writeFile(credentials, `nonsense ${tokens.admin}`);
  await expect.poll(complaints).toHaveLength(1);
  await admin.rpc.get({ model: "toy" }, shows(tokens.viewer));
  await rm(credentials);
  await expect.poll(complaints).toHaveLength(2);
  expect(complaints().join("")).not.toContain(tokens.admin.slice(12));
  await writeTokens(folder);
  await expect.poll(() => admin.logged.join("")).toContain("admin credentials read");
});

test("failures from one address end in RESOURCE_EXHAUSTED; who has a token is not kept out", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder, credentials: await writeTokens(folder) });
  const codes: Code[] = [];
  while (codes.at(-1) !== Code.RESOURCE_EXHAUSTED)
    await admin.rpc.get({ model: "toy" }).catch((error: { code: Code }) => codes.push(error.code));
  const logged = admin.logged.filter((line) => line.includes("caller refused"));
  expect([logged.length, codes.length > 10]).toEqual([codes.length - 1, true]);
  await admin.rpc.get({ model: "toy" }, shows(tokens.viewer));
  await vi.waitUntil(async () => {
    const { status, headers } = await admin.get("/v1/rollouts");
    return status === 429 && Number(headers.get("retry-after")) > 0;
  });
});

test("one caller has so many calls, and is told when to come back", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder, credentials: await writeTokens(folder) });
  const calls = Array.from({ length: 400 }, () => admin.rpc.list({}, shows(tokens.viewer)));
  const refused = (await Promise.allSettled(calls)).filter((one) => one.status === "rejected");
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]!.reason).toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
    trailers: { "grpc-retry-pushback-ms": expect.stringMatching(/^\d+$/) },
  });
  await admin.rpc.list({}, shows(tokens.operator));
});

test("without tokens everybody on this machine is admin, and that is logged", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  await expect(admin.rpc.change({ change: { $case: "adopt", value: {} } })).rejects.toMatchObject({
    code: Code.FAILED_PRECONDITION,
  });
  const { rollout } = await admin.rpc.change(toWeight(250));
  expect(rollout!.changed).toMatchObject({ by: "local", from: "127.0.0.1" });
  expect(admin.logged.join("")).toContain("open to everybody on this machine");
});

test.each(["0.0.0.0", "::", "10.0.0.1", "localhost.example.org"])(
  "without roles it does not listen on %s",
  async (host) => {
    await using folder = await openFolder();
    const credentials = await writeTokens(folder);
    await expect(openAdmin({ folder, host })).rejects.toThrow(/adminTokens, tlsCertificate/);
    await expect(openAdmin({ folder, host, credentials })).rejects.toThrow(/tlsCertificate/);
  },
);

test.each<[string, string]>([
  ["that is not there", "nowhere"],
  ["that is broken", "broken"],
])("with a file %s it does not start", async (_, name) => {
  await using folder = await openFolder();
  await writeFile(join(folder.path, "broken"), "{}");
  const credentials = join(folder.path, name);
  await expect(openAdmin({ folder, credentials })).rejects.toThrow(name);
});

const authority = createTrialAuthority();

async function certificateFiles(folder: Folder) {
  const { certificate, key } = authority.issue("admin");
  const files = {
    certificate: join(folder.path, "admin.crt"),
    key: join(folder.path, "admin.key"),
    clientAuthority: join(folder.path, "ca.crt"),
  };
  await writeFile(files.certificate, certificate);
  await writeFile(files.key, key);
  await writeFile(files.clientAuthority, authority.certificate);
  return files;
}

const named = (name: string, role: Role, certificate: string) =>
  JSON.stringify({ name, role, certificate });

test("by client certificate: roles by any of its names, beyond this machine too", async () => {
  await using folder = await openFolder();
  const credentials = await writeTokens(
    folder,
    named("deploys", "operator", "URI:spiffe://cluster/deploys"),
    named("ann", "viewer", "CN=ann"),
  );
  const certificates = await certificateFiles(folder);
  const trusting = { serverAuthority: authority.certificate };
  await using admin = await openAdmin({
    folder,
    host: "0.0.0.0",
    credentials,
    certificates,
    channel: trusting,
  });
  const as = (commonName: string, uris: readonly string[] = []) =>
    openChannel(`localhost:${admin.admin.grpcPort}`, {
      ...trusting,
      certificates: authority.issue(commonName, { uris }),
    });
  using deploys = as("pod-17", ["spiffe://cluster/other", "spiffe://cluster/deploys"]);
  const { rollout } = await rpcOver(deploys).change(toWeight(250));
  expect(rollout!.changed!.by).toBe("deploys");

  using ann = as("ann");
  await rpcOver(ann).get({ model: "toy" });
  const denied: { code: Code } = { code: Code.PERMISSION_DENIED };
  await expect(rpcOver(ann).change(toWeight(1))).rejects.toMatchObject(denied);
  // What is sent counts before what is shown.
  await rpcOver(ann).change(toWeight(300), shows(tokens.operator));
  await expect(rpcOver(ann).get({ model: "toy" }, shows("wrong"))).rejects.toMatchObject({
    code: Code.UNAUTHENTICATED,
  });

  using stranger = as("mallory", ["spiffe://cluster/deploys/not"]);
  await expect(rpcOver(stranger).get({ model: "toy" })).rejects.toMatchObject({
    code: Code.UNAUTHENTICATED,
    message: expect.stringContaining("CN=mallory"),
  });
  // Without a certificate there is not even a connection.
  await expect(admin.rpc.get({ model: "toy" })).rejects.toMatchObject({ code: Code.UNAVAILABLE });
});

test("names in the file that nobody is asked for are warned of", async () => {
  await using folder = await openFolder();
  const line = JSON.stringify({ name: "ann", role: "viewer", certificate: "CN=ann" });
  await using admin = await openAdmin({ folder, credentials: await writeTokens(folder, line) });
  expect(admin.logged.join("")).toMatch(/certificates are not asked for.*\["ann"\]/);
});

test("health and reflection need no role, and there is nothing else", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder, credentials: await writeTokens(folder) });
  await admin.channel.unary("/grpc.health.v1.Health/Check", Buffer.alloc(0));
  const path = "/crossfade.v1.RecommenderService/Recommend";
  const unknown: CodeName = "UNIMPLEMENTED";
  await expect(admin.channel.unary(path, Buffer.alloc(0))).rejects.toMatchObject({
    code: Code[unknown],
  });
});
