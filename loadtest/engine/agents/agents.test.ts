import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { processArguments } from "../../../models/start-worker.ts";
import { Code, ServingError } from "../../../proto/serving-error.ts";
import { createTrialAuthority } from "../../../transport/issue-certificates.ts";
import { openLocalRun } from "../local-run.ts";
import { openTestServer, planFor } from "../test-server.fixture.ts";
import { startAgent } from "./agent.ts";
import { measureClock } from "./measure-clock.ts";
import { planFromJson, planToJson } from "./plan-json.ts";
import { decode, encode, piecesOf, reportOf } from "./protocol.ts";
import { runOnAgents } from "./run-on-agents.ts";

const token = "let me in";

async function startAgentProcess() {
  const child: ChildProcess = spawn(
    process.execPath,
    processArguments("agent-process", import.meta.url),
    {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, CROSSFADE_LOADTEST_TOKEN: token },
    },
  );
  const [line] = (await once(child.stdout!, "data")) as [Buffer];
  return {
    address: String(line).trim(),
    kill: () => child.kill("SIGKILL"),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.stdin!.end();
      await exited;
    },
  };
}

test("three processes send one schedule together, and find what one would", async () => {
  await using server = await openTestServer();
  const agents = await Promise.all([1, 2, 3].map(startAgentProcess));
  try {
    const schedule = { kind: "poisson", perSecond: 300, forMs: 1_000 } as const;
    const plan = planFor(server, { schedule, connections: 6, warmUpMs: 200 });
    const addresses = agents.map(({ address }) => address);
    const result = await runOnAgents(plan, { agents: addresses, token });
    const { counts, generator } = result;
    expect(counts.ok).toBe(counts.due);
    expect(Math.abs(counts.due - 300)).toBeLessThan(100);
    expect(result.latency.count).toBe(counts.due);
    expect(generator.generators.map(({ name }) => name)).toEqual(addresses);
    for (const { clockErrorMs } of generator.generators) expect(clockErrorMs).toBeLessThan(50);
    expect(result.about).toMatchObject({ workers: 3, connections: 6 });
    expect(result.ended).toBeUndefined();

    // They take the next run, and the loss of one of them ends it for all.
    const long = { ...plan, schedule: { ...schedule, forMs: 60_000 } };
    const partial = await runOnAgents(long, {
      agents: addresses,
      token,
      onProgress: ({ ok }) => ok > 30 && agents[1]!.kill(),
    });
    expect(partial.ended).toMatchObject({
      by: "lost-agent",
      because: expect.stringContaining(`agent ${addresses[1]}`),
    });
    expect(partial.invalid.map(({ rule }) => rule)).toContain("partial");
    expect(partial.counts.ok).toBeGreaterThan(30);
    expect(partial.generator.generators).toHaveLength(2);
  } finally {
    for (const agent of agents) await agent[Symbol.asyncDispose]();
  }
});

test("interrupted, the agents end at once with what they have", async () => {
  await using server = await openTestServer();
  await using agent = await startAgent({ token });
  const interrupt = new AbortController();
  const schedule = { kind: "constant", perSecond: 100, forMs: 60_000 } as const;
  const result = await runOnAgents(planFor(server, { schedule }), {
    agents: [agent.address],
    token,
    signal: interrupt.signal,
    onProgress: ({ ok }) => ok > 20 && interrupt.abort(),
  });
  expect(result.ended).toMatchObject({ by: "interrupt" });
  expect(result.ended!.because).toMatch(/^it was interrupted after .* of 1 min 00 s$/);
  expect(result.counts.ok).toBeGreaterThan(20);
});

test("an agent sends no load for who does not know its token", async () => {
  await using server = await openTestServer();
  await using agent = await startAgent({ token });
  for (const wrong of [{}, { token: "let me in, too" }])
    await expect(
      runOnAgents(planFor(server), { agents: [agent.address], ...wrong }),
    ).rejects.toMatchObject({
      code: Code.UNAUTHENTICATED,
      message: expect.stringContaining(`agent ${agent.address}: the agent's token is missing`),
    });
  expect(server.calls).toHaveLength(0);
});

test("an agent that others can reach needs a token", async () => {
  await expect(startAgent({ host: "0.0.0.0" })).rejects.toThrow(
    "an agent on 0.0.0.0 needs a token",
  );
});

test("an agent has one run at a time", async () => {
  await using server = await openTestServer();
  await using agent = await startAgent({ token });
  const options = { agents: [agent.address], token };
  const schedule = { kind: "constant", perSecond: 100, forMs: 60_000 } as const;
  const interrupt = new AbortController();
  let refused: Promise<unknown> | undefined;
  await runOnAgents(planFor(server, { schedule }), {
    ...options,
    signal: interrupt.signal,
    onProgress() {
      refused ??= runOnAgents(planFor(server), options)
        .catch((error: unknown) => error)
        .finally(() => interrupt.abort());
    },
  });
  expect(await refused).toMatchObject({
    code: Code.FAILED_PRECONDITION,
    message: expect.stringContaining("another run under way"),
  });
});

test("the coordinator hears why an agent cannot: an unreachable target, an impossible plan", async () => {
  const server = await openTestServer();
  await server.close();
  await using agent = await startAgent({ token });
  const options = { agents: [agent.address], token };
  await expect(runOnAgents(planFor(server), options)).rejects.toThrow(
    `agent ${agent.address}: ${server.address} cannot be reached`,
  );
  await expect(
    runOnAgents(planFor(server, { connections: 1, workers: 2 }), options),
  ).rejects.toThrow("connections is 1 for 2 workers");
  await expect(runOnAgents(planFor(server), { agents: [] })).rejects.toThrow("agents is empty");
});

test("an agent that is not there is named", async () => {
  await using server = await openTestServer();
  const refused = runOnAgents(planFor(server), { agents: ["127.0.0.1:1"] });
  await expect(refused).rejects.toThrow(/^agent 127\.0\.0\.1:1: .*ECONNREFUSED/);
  await expect(refused).rejects.toBeInstanceOf(ServingError);
});

test("over TLS", async () => {
  const authority = createTrialAuthority();
  const { certificate: serverAuthority } = authority;
  await using server = await openTestServer();
  await using agent = await startAgent({ token, certificates: authority.issue("agent") });
  const options = { agents: [agent.address], token, agentTls: { serverAuthority } };
  expect((await runOnAgents(planFor(server), options)).counts.ok).toBe(100);
});

test("the fastest of several answers tells how far a clock is ahead", async () => {
  let nowMs = 1_000;
  const roundTripsMs = [40, 8, 90, 30, 30, 30, 30, 30, 30, 30, 30, 30];
  const ahead = await measureClock(
    async () => {
      const roundTripMs = roundTripsMs.shift()!;
      // The way back takes most of it, but for the fastest.
      nowMs += roundTripMs / (roundTripMs === 8 ? 2 : 10);
      const answer = nowMs + 5_000;
      nowMs += roundTripMs - roundTripMs / (roundTripMs === 8 ? 2 : 10);
      return answer;
    },
    () => nowMs,
  );
  expect(ahead).toEqual({ aheadMs: 5_000, errorMs: 4, roundTripMs: 8 });
});

test("a report that is larger than a message comes in pieces, as it was", async () => {
  await using server = await openTestServer();
  const local = await openLocalRun({ plan: planFor(server), share: { index: 0, of: 1 } });
  local.start(performance.timeOrigin + performance.now());
  const report = await local.report;
  await local.close();
  const messages = { INTERNAL: '"\u{1f3a7}'.repeat(3_000_000) };
  const long = { ...report, part: { ...report.part, messages } };
  const pieces = piecesOf(long).map(encode);
  expect(pieces.length).toBeGreaterThan(1);
  const texts = pieces.map((piece) => (decode(piece) as { piece: string }).piece);
  expect(JSON.stringify(reportOf(texts))).toBe(JSON.stringify(long));
});

test("a plan comes through JSON as it was", async () => {
  await using server = await openTestServer();
  const plan = planFor(server);
  const order = Uint32Array.from([3, 1, 2, 0]);
  const ordered = { ...plan, workload: { ...plan.workload, order } };
  expect(planFromJson(planToJson(plan))).toEqual(plan);
  expect(planFromJson(planToJson(ordered))).toEqual(ordered);
  expect(() => planFromJson("{}")).toThrow("this is not a plan");
});
