import { expect, test } from "vitest";
import { Code, ServingError } from "../../proto/serving-error.ts";
import { createTrialAuthority } from "../../transport/issue-certificates.ts";
import { startServer } from "../../transport/open.ts";
import type { Method, ServerOptions } from "../../transport/transport.ts";
import { samplePlan } from "../engine/sample-plan.fixture.ts";
import type { RunPlan } from "../run-plan.ts";
import { createListener, inTime, soon } from "./listen.fixture.ts";
import { openSenders } from "./open-senders.ts";

const path = "/test.Service/Call";
const request = Buffer.from("a request");

async function open(
  handle: Extract<Method, { kind: "unary" }>["handle"],
  { server: serverOptions, ...changes }: Partial<RunPlan> & { server?: ServerOptions } = {},
) {
  const server = await startServer([{ kind: "unary", path, handle }], serverOptions);
  const plan = samplePlan({ kind: "constant", perSecond: 1, forMs: 1_000 });
  const workload = {
    ...plan.workload,
    call: { transport: "grpc", path } as const,
    ...changes.workload,
  };
  const listener = createListener();
  const openSender = openSenders({ ...plan, ...changes, workload });
  const sender = openSender(server.address, listener);
  return {
    server,
    sender,
    listener,
    async [Symbol.asyncDispose]() {
      sender.close();
      await server.close(0);
    },
  };
}

function never(): Promise<Uint8Array> {
  return new Promise(() => {});
}

test("many calls are in flight on one connection, and each reply goes to its stream", async () => {
  const waiting: (() => void)[] = [];
  await using setup = await open(async (bytes) => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 8) for (const go of waiting) go();
    });
    return Buffer.concat([bytes, Buffer.from("!")]);
  });
  await setup.sender.connect();
  const outcomes = Array.from({ length: 8 }, (_, stream) => {
    setup.sender.send(stream, Buffer.from(`${stream}`), inTime());
    return setup.listener.next(stream);
  });
  expect((await Promise.all(outcomes)).map(String)).toEqual(
    Array.from({ length: 8 }, (_, stream) => `${stream}!`),
  );
});

test("a stream is used again and again", async () => {
  await using setup = await open(async (bytes) => bytes);
  for (const text of ["one", "two", "three"]) {
    const outcome = setup.listener.next(3);
    setup.sender.send(3, Buffer.from(text), inTime());
    expect(String(await outcome)).toBe(text);
  }
});

test("statuses come with their message, and metadata goes with each call", async () => {
  const seen: (string | undefined)[] = [];
  const metadata = { "x-crossfade-arm": "canary" };
  const { workload } = samplePlan({ kind: "constant", perSecond: 1, forMs: 1_000 });
  await using setup = await open(
    async (_, call) => {
      seen.push(call.metadata.get("x-crossfade-arm"));
      throw new ServingError("RESOURCE_EXHAUSTED", "too many");
    },
    { workload: { ...workload, metadata, call: { transport: "grpc", path } } },
  );
  const outcome = setup.listener.next(0);
  setup.sender.send(0, request, inTime());
  expect(await outcome).toMatchObject({ code: Code.RESOURCE_EXHAUSTED, message: "too many" });
  expect(seen).toEqual(["canary"]);
});

test("a call that is not answered ends at its deadline; one that is cancelled, then", async () => {
  await using setup = await open(never);
  const late = setup.listener.next(0);
  setup.sender.send(0, request, soon());
  expect(await late).toMatchObject({ code: Code.DEADLINE_EXCEEDED });
  const cancelled = setup.listener.next(0);
  setup.sender.send(0, request, inTime());
  setup.sender.cancel(0);
  expect(await cancelled).toMatchObject({ code: Code.CANCELLED });
  // Nothing is under way: nothing to cancel.
  setup.sender.cancel(0);
});

test("a connection that breaks fails its calls as lost, and is made anew", async () => {
  let answers = 0;
  await using setup = await open((bytes) => (++answers > 1 ? never() : Promise.resolve(bytes)));
  const first = setup.listener.next(0);
  setup.sender.send(0, request, inTime());
  expect(String(await first)).toBe("a request");
  const lost = setup.listener.next(0);
  setup.sender.send(0, request, performance.now() + 10_000);
  await setup.server.close(0);
  const outcome = await lost;
  expect(outcome).toMatchObject({ code: Code.UNAVAILABLE, isLost: true });

  const { port } = setup.server;
  await using _again = await startServer(
    [{ kind: "unary", path, handle: async () => Buffer.from("back") }],
    { port },
  ).then((server) => ({ [Symbol.asyncDispose]: () => server.close(0) }));
  await expect
    .poll(
      async () => {
        const next = setup.listener.next(0);
        setup.sender.send(0, request, inTime());
        return String(await next);
      },
      { timeout: 20_000 },
    )
    .toBe("back");
});

test("TLS, with a certificate of its own", async () => {
  const authority = createTrialAuthority();
  const { certificate: serverAuthority } = authority;
  const certificates = { ...authority.issue("server"), clientAuthority: serverAuthority };
  const tls = { serverAuthority, ...authority.issue("generator") };
  await using setup = await open(async (_, { peer }) => Buffer.from(peer.names.join()), {
    server: { certificates },
    tls,
  });
  await setup.sender.connect();
  const outcome = setup.listener.next(0);
  setup.sender.send(0, request, inTime());
  expect(String(await outcome)).toContain("CN=generator");
});

test("a target that is not there is named, with the reason", async () => {
  const plan = samplePlan({ kind: "constant", perSecond: 1, forMs: 1_000 });
  const sender = openSenders(plan)("127.0.0.1:1", createListener());
  await expect(sender.connect()).rejects.toMatchObject({
    code: Code.UNAVAILABLE,
    message: expect.stringMatching(/^127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED/),
  });
  sender.close();
});

test("a method that cannot be called, or metadata that cannot be sent, is refused before anything is sent", () => {
  const plan = samplePlan({ kind: "constant", perSecond: 1, forMs: 1_000 });
  const { workload } = plan;
  const broken = { ...workload, metadata: { "no good": "x" } };
  expect(() => openSenders({ ...plan, workload: broken })("127.0.0.1:1", createListener())).toThrow(
    "no good",
  );
});
