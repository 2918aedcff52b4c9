import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { Code, ServingError } from "../../proto/serving-error.ts";
import type { Call } from "../../transport/call.ts";
import { callWith } from "../backend.contract.ts";
import type { Answer } from "../backend.ts";
import { createQuery } from "../query.ts";
import { createReply } from "../reply.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { dueMs } from "./due.ts";
import { createPendingCalls } from "./pending.ts";

function createScene(replyMarginMs?: number) {
  const clock = createVirtualClock();
  const abandoned: string[] = [];
  const calls = createPendingCalls<string>({
    clock,
    abandon: (work) => abandoned.push(work),
    ...(replyMarginMs === undefined ? {} : { replyMarginMs }),
  });
  /** One query for each call, all in one `answer`. */
  const open = (...rpcs: Partial<Call>[]) => {
    const names = { model: "toy", version: "", user: new Uint8Array() };
    const pending = calls.open(
      rpcs.map((rpc) => createQuery(new Uint8Array(), callWith(rpc), names)),
    );
    const settledAt: (number | undefined)[] = [];
    void pending.answered.then(() => settledAt.push(clock.now()));
    return { pending, settledAt };
  };
  return { clock, calls, open, abandoned };
}

const reply = createReply(new Uint8Array());
const codes = (answers: readonly (Answer | undefined)[]) =>
  answers.map((answer) => (answer instanceof ServingError ? answer.code : answer && Code.OK));

test.each([
  [250, 0, 240],
  [1_000_250, 1_000_000, 1_000_240],
  [20, 0, 15],
  [5, 10, 5],
  [Infinity, 0, Infinity],
])(
  "an answer for the deadline %d, asked for at %d, is due at %d",
  (deadlineMs, nowMs, expectedMs) => {
    expect(dueMs(deadlineMs, nowMs, 10)).toBe(expectedMs);
  },
);

test("each query is answered when it is due, and the call when all are", async () => {
  const { clock, open } = createScene();
  const { pending, settledAt } = open({ deadlineMs: 100 }, { deadlineMs: 300 }, {});
  await clock.advanceTo(89);
  expect(codes(pending.answers)).toEqual([undefined, undefined, undefined]);
  await clock.advanceTo(90);
  expect(codes(pending.answers)).toEqual([Code.DEADLINE_EXCEEDED, undefined, undefined]);
  await clock.advanceTo(400);
  expect(codes(pending.answers)).toEqual([
    Code.DEADLINE_EXCEEDED,
    Code.DEADLINE_EXCEEDED,
    undefined,
  ]);
  expect(settledAt).toEqual([]);
});

test("a later call that is due earlier is not forgotten", async () => {
  const { clock, open } = createScene(0);
  const slow = open({ deadlineMs: 500 });
  const quick = open({ deadlineMs: 50 });
  await clock.advanceTo(1000);
  expect([quick.settledAt, slow.settledAt]).toEqual([[50], [500]]);
});

test("the first answer counts", async () => {
  const { clock, calls, open } = createScene();
  const { pending } = open({ deadlineMs: 100 });
  calls.settle(pending, 0, reply);
  calls.settle(pending, 0, new ServingError("INTERNAL", "again"));
  await clock.advanceTo(200);
  expect(await pending.answered).toEqual([reply]);
});

test("work for a caller who stopped waiting is given back, other work is not", async () => {
  const { clock, calls, open, abandoned } = createScene();
  const caller = new AbortController();
  const { pending } = open({ signal: caller.signal }, { deadlineMs: 50 }, {});
  pending.work.splice(0, 3, "cancelled", "due", "done");
  caller.abort();
  await clock.advanceTo(100);
  calls.settle(pending, 2, reply);
  expect(abandoned).toEqual(["cancelled", "due"]);
  expect(codes(await pending.answered)).toEqual([Code.CANCELLED, Code.DEADLINE_EXCEEDED, Code.OK]);
});

test("a transport's reason to abort is the answer", async () => {
  const { open } = createScene();
  const reason = new ServingError("DEADLINE_EXCEEDED", "too late");
  const { pending } = open({ signal: AbortSignal.abort(reason) });
  expect(await pending.answered).toEqual([reason]);
});

test("an answered call leaves nothing behind: no timer, no listener", async () => {
  const { clock, calls, open } = createScene();
  const caller = new AbortController();
  const { pending } = open({ deadlineMs: 100, signal: caller.signal });
  expect(getEventListeners(caller.signal, "abort")).toHaveLength(1);
  calls.settle(pending, 0, reply);
  expect(await clock.step()).toBe(false);
  expect(getEventListeners(caller.signal, "abort")).toEqual([]);
});

test("drains when every call is answered", async () => {
  const { calls, open } = createScene();
  await calls.drained();
  const [first, second] = [open({}), open({})];
  const events: string[] = [];
  const drained = calls.drained().then(() => events.push("drained"));
  calls.settle(first.pending, 0, reply);
  await first.pending.answered;
  events.push("first");
  calls.settle(second.pending, 0, reply);
  await drained;
  expect(events).toEqual(["first", "drained"]);
});
