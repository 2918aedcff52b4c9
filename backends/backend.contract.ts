import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { Code, ServingError } from "../proto/serving-error.ts";
import type { Call } from "../transport/call.ts";
import type { Answer, Backend, Query } from "./backend.ts";
import { RecommendResponse } from "../proto/gen/crossfade/v1/recommender.ts";
import { createQuery, pinVersion } from "./query.ts";

/** A backend, and what to ask it. */
export interface BackendSubject {
  readonly backend: Backend;
  readonly model: string;
  readonly version: string;
  /** Encoded requests that it can answer; at least three, with answers unlike each other. */
  readonly good: readonly Uint8Array[];
}

export interface HungSubject extends BackendSubject {
  /** Lets it go on. */
  readonly release: () => void;
}

/** Each test opens its own and closes it. */
export interface BackendOpeners {
  readonly open: () => Promise<BackendSubject>;
  /** One that answers nothing by itself; or why there is none. */
  readonly openHung: (() => Promise<HungSubject>) | string;
  /** Why the cost of a hung one does not grow. */
  readonly fixedCost?: string;
}

const truncated = Uint8Array.of(0x0a, 0x7f, 0x01);

/** What every backend must do. */
export function testBackend(name: string, openers: BackendOpeners): void {
  const { open, openHung, fixedCost } = openers;
  const start = async () => {
    const subject = await open();
    onTestFinished(() => subject.backend.close());
    return subject;
  };

  describe(name, () => {
    testAnswers(start);
    testFailures(start);
    testPredictions(start);
    testClosing(start);
    if (typeof openHung === "string") test.skip(`keeps deadlines while it hangs: ${openHung}`);
    else testHanging(openHung, fixedCost);
  });
}

type Start = () => Promise<BackendSubject>;

function testAnswers(start: Start): void {
  test("answers in the order of the queries, each as if it were alone", async () => {
    const subject = await start();
    const requests = [...subject.good, ...subject.good.toReversed(), subject.good[1]!];
    const alone = await eachAlone(subject, requests);
    expect(contents(await ask(subject, requests))).toEqual(alone);
    expect(new Set(alone.map(String)).size).toBe(subject.good.length);
  });

  test("answers no queries with no answers", async () => {
    const { backend } = await start();
    expect(await backend.answer([])).toEqual([]);
  });

  test("answers 1,000 queries of one call", async () => {
    const subject = await start();
    const requests = Array.from({ length: 1000 }, (_, i) => subject.good[i % subject.good.length]!);
    const alone = await eachAlone(subject, subject.good);
    const answers = contents(await ask(subject, requests));
    expect(answers).toEqual(requests.map((_, i) => alone[i % alone.length]));
  });

  test("answers many calls at once, each with its own", async () => {
    const subject = await start();
    const alone = await eachAlone(subject, subject.good);
    const calls = Array.from({ length: 300 }, (_, i) =>
      ask(subject, [subject.good[i % subject.good.length]!]),
    );
    const answers = (await Promise.all(calls)).flatMap(contents);
    expect(answers).toEqual(answers.map((_, i) => alone[i % alone.length]));
  });

  test("gives bytes away for good, and leaves the request's as they were", async () => {
    const subject = await start();
    const sent = subject.good.map((request) => request.slice());
    const first = await ask(subject, subject.good);
    const copies = contents(first);
    for (let i = 0; i < 20; i++) await ask(subject, subject.good.toReversed());
    expect(contents(first)).toEqual(copies);
    expect(subject.good.map(String)).toEqual(sent.map(String));
  });

  test("says which model and version answered", async () => {
    const subject = await start();
    const [answer] = await ask(subject, [subject.good[0]!]);
    expect(replied(answer).served()).toMatchObject({
      model: subject.model,
      modelVersion: subject.version,
    });
  });

  test("answers for its version by name as it does without", async () => {
    const subject = await start();
    const [request] = subject.good as [Uint8Array];
    const pinned = queryFor(subject, request, { version: subject.version });
    const byName = contents(await subject.backend.answer([pinned]));
    const without = await eachAlone(subject, [request]);
    expect(byName.map(withoutRoute)).toEqual(without.map(withoutRoute));
  });
}

function testFailures(start: Start): void {
  test("fails a bad query alone", async () => {
    const subject = await start();
    const [a, b] = subject.good as [Uint8Array, Uint8Array];
    const answers = await ask(subject, [a, truncated, b]);
    expect(answers[1]).toMatchObject({ code: Code.INVALID_ARGUMENT });
    expect(contents([answers[0]!, answers[2]!])).toEqual(await eachAlone(subject, [a, b]));
  });

  test("takes any bytes without rejecting or blaming itself", async () => {
    const subject = await start();
    const hostile = fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(hostile, async (requests) => {
        const answers = await ask(subject, requests);
        expect(answers).toHaveLength(requests.length);
        for (const answer of answers) expect(answer).not.toMatchObject({ code: Code.INTERNAL });
      }),
    );
  });

  test.each([
    ["model", { model: "no such model" }, Code.NOT_FOUND],
    ["version", { version: "no such version" }, Code.FAILED_PRECONDITION],
    ["empty model name", { model: "" }, Code.INVALID_ARGUMENT],
  ])("refuses an unknown %s, and that query alone", async (_, names, code) => {
    const subject = await start();
    const [request] = subject.good as [Uint8Array];
    const answers = await subject.backend.answer([
      queryFor(subject, request),
      queryFor(subject, request, names),
    ]);
    expect(answers[1]).toMatchObject({ code });
    expect(contents(answers.slice(0, 1))).toEqual(await eachAlone(subject, [request]));
  });

  test("refuses what is past its deadline or cancelled, and that alone", async () => {
    const subject = await start();
    const [request] = subject.good as [Uint8Array];
    const calls = [
      callWith({}),
      callWith({ deadlineMs: performance.now() - 1 }),
      callWith({ signal: AbortSignal.abort() }),
    ];
    const answers = await subject.backend.answer(
      calls.map((call) => queryFor(subject, request, { call })),
    );
    expect(contents(answers.slice(0, 1))).toEqual(await eachAlone(subject, [request]));
    expect(answers[1]).toMatchObject({ code: Code.DEADLINE_EXCEEDED });
    expect(answers[2]).toMatchObject({ code: Code.CANCELLED });
  });
}

function testPredictions(start: Start): void {
  test("is ready for its model, in its version or any", async () => {
    const { backend, model, version } = await start();
    expect(backend.isReady(model, version)).toBe(true);
    expect(backend.isReady(model, "")).toBe(true);
    expect(backend.isReady(model, "no such version")).toBe(false);
    expect(backend.isReady("no such model", "")).toBe(false);
  });

  test("predicts a finite cost for what it holds, and an infinite one for any other", async () => {
    const subject = await start();
    await ask(subject, subject.good);
    const { backend, model, version } = subject;
    expect(backend.costMs(model, version, 1)).toBeGreaterThanOrEqual(0);
    expect(backend.costMs(model, "", 1000)).toBeGreaterThanOrEqual(backend.costMs(model, "", 1));
    expect(backend.costMs(model, version, 1000)).toBeLessThan(Infinity);
    expect(backend.costMs(model, "no such version", 1)).toBe(Infinity);
    expect(backend.costMs("no such model", "", 1)).toBe(Infinity);
  });
}

function testClosing(start: Start): void {
  test("answers what is in flight when it is closed, and refuses what comes after", async () => {
    const subject = await start();
    const { backend, model, version, good } = subject;
    const alone = await eachAlone(subject, good);
    const inFlight = ask(subject, good);
    const closed = backend.close();
    const after = await ask(subject, good);
    expect(after).toEqual(good.map(() => expect.objectContaining({ code: Code.UNAVAILABLE })));
    expect(contents(await inFlight)).toEqual(alone);
    await closed;
    await backend.close();
    expect(backend.isReady(model, version)).toBe(false);
    expect(backend.costMs(model, version, 1)).toBe(Infinity);
  });
}

function testHanging(openHung: () => Promise<HungSubject>, fixedCost: string | undefined): void {
  const start = async () => {
    const subject = await openHung();
    onTestFinished(() => {
      subject.release();
      return subject.backend.close();
    });
    return subject;
  };

  test("while it hangs, settles each query by its own deadline or cancellation", async () => {
    const subject = await start();
    const [request] = subject.good as [Uint8Array];
    const caller = new AbortController();
    const calls = [
      callWith({ deadlineMs: performance.now() + 60 }),
      callWith({ signal: caller.signal }),
      callWith({ deadlineMs: performance.now() + 20 }),
    ];
    const answers = subject.backend.answer(
      calls.map((call) => queryFor(subject, request, { call })),
    );
    caller.abort();
    const codes = (await answers).map((answer) =>
      answer instanceof ServingError ? answer.code : Code.OK,
    );
    expect(codes).toEqual([Code.DEADLINE_EXCEEDED, Code.CANCELLED, Code.DEADLINE_EXCEEDED]);
  });

  const costTest = "costs more the longer it hangs";
  if (fixedCost !== undefined) test.skip(`${costTest}: ${fixedCost}`);
  else
    test(costTest, async () => {
      const subject = await start();
      const { backend, model, version } = subject;
      const cost = () => backend.costMs(model, version, 1);
      let beforeMs = cost();
      const inFlight = ask(subject, subject.good);
      for (let look = 0; look < 3; look++) {
        await expect.poll(cost).toBeGreaterThan(beforeMs);
        beforeMs = cost();
      }
      subject.release();
      await inFlight;
    });

  test("while it hangs, does not close before what is in flight is answered", async () => {
    const subject = await start();
    const inFlight = ask(subject, subject.good);
    const events: string[] = [];
    const answered = inFlight.then(() => events.push("answered"));
    const closed = subject.backend.close().then(() => events.push("closed"));
    subject.release();
    await Promise.all([answered, closed]);
    expect(events).toEqual(["answered", "closed"]);
    for (const answer of await inFlight) expect(answer).not.toBeInstanceOf(ServingError);
  });
}

export function callWith(call: Partial<Call>): Call {
  return {
    deadlineMs: Infinity,
    signal: new AbortController().signal,
    metadata: new Map(),
    ...call,
  };
}

function queryFor(
  { model }: BackendSubject,
  request: Uint8Array,
  given: Partial<Pick<Query, "model" | "version" | "call">> = {},
): Query {
  const { call = callWith({}), version = "" } = given;
  const names = { model: given.model ?? model, version: "", user: new Uint8Array() };
  return pinVersion(createQuery(request, call, names), version);
}

/** As the queries of one call. */
function ask(subject: BackendSubject, requests: readonly Uint8Array[]): Promise<readonly Answer[]> {
  const call = callWith({});
  return subject.backend.answer(requests.map((request) => queryFor(subject, request, { call })));
}

async function eachAlone(
  subject: BackendSubject,
  requests: readonly Uint8Array[],
): Promise<Buffer[]> {
  const answers: Answer[] = [];
  for (const request of requests) answers.push(...(await ask(subject, [request])));
  return contents(answers);
}

/** Copies of the replies' bytes. */
function contents(answers: readonly Answer[]): Buffer[] {
  return answers.map((answer) => Buffer.from(replied(answer).bytes));
}

/** A router says in a reply that a version was asked for by name. */
function withoutRoute(bytes: Uint8Array): RecommendResponse {
  return { ...RecommendResponse.decode(bytes), routed: undefined };
}

function replied(answer: Answer | undefined) {
  if (answer === undefined || answer instanceof ServingError)
    throw answer ?? new Error("no answer");
  return answer;
}
