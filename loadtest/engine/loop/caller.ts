import { isChosen } from "../../pace/choose.ts";
import type { Share } from "../../pace/deal.ts";
import type { RunPlan } from "../../run-plan.ts";
import type { Ended, OpenSender, Sender } from "../../senders/sender.ts";
import type { Clock } from "../clock.ts";
import type { Tally } from "../record/tally.ts";
import { createCalls, type DueCall } from "./calls.ts";
import { createRequests } from "./requests.ts";
import { connectionsOf, streamsOf, type Stream } from "./streams.ts";

/** Sends calls on streams that are free, and gives to the tally what becomes of them. */
export interface Caller {
  readonly canSend: boolean;
  readonly inFlight: number;
  connect(): Promise<void>;
  send(call: DueCall): void;
  /** What is in flight is heard of no more. */
  close(): void;
}

export interface CallerOptions {
  readonly plan: RunPlan;
  readonly share: Share;
  readonly clock: Clock;
  readonly openSender: OpenSender;
  readonly tally: Tally;
  /** When counting starts, on the clock. */
  readonly origin: { readonly atMs: number };
  /** A stream can take another call. */
  onFree(): void;
}

/** A closed loop would call a dead target as fast as it can fail. */
const pauseAfterLossMs = 100;

export function createCaller(options: CallerOptions): Caller {
  const { plan, share, clock, openSender, tally, origin } = options;
  const { cancels, targets } = plan;
  const requestOf = createRequests(plan.workload);
  const calls = createCalls({ streams: streamsOf(plan, share), clock, origin });
  const isClosedLoop = plan.schedule.kind === "closed";

  const ended: Ended = {
    answered(index, reply) {
      const stream = calls.end(index);
      tally.answered(stream, reply);
      release(stream);
    },
    failed(index, error) {
      const stream = calls.end(index);
      tally.failed(stream, error);
      if (isClosedLoop && error.isLost) clock.after(pauseAfterLossMs, () => release(stream));
      else release(stream);
    },
  };

  const senders = connectionsOf(plan, share).map((connection) =>
    openSender(targets[connection % targets.length]!, ended),
  );

  function release(stream: Stream): void {
    calls.release(stream);
    options.onFree();
  }

  return {
    get canSend() {
      return calls.free > 0;
    },
    get inFlight() {
      return calls.inFlight;
    },
    async connect() {
      await Promise.all(senders.map((sender) => sender.connect()));
    },
    send(call) {
      const request = requestOf(call.number);
      const stream = calls.begin(call);
      const sender = senders[stream.connection]!;
      tally.left(stream, request.length);
      sender.send(stream.index, request, origin.atMs + call.dueMs + plan.deadlineMs);
      if (cancels && isChosen(call.number, cancels.basisPoints, plan.seed))
        cancelAfter(cancels.afterMs, { stream, sender, clock });
    },
    close() {
      for (const sender of senders) sender.close();
    },
  };
}

interface Cancelling {
  readonly stream: Stream;
  readonly sender: Sender;
  readonly clock: Clock;
}

function cancelAfter(ms: number, { stream, sender, clock }: Cancelling): void {
  const { calls } = stream;
  clock.after(ms, () => {
    if (stream.calls !== calls) return;
    stream.isCancelled = true;
    sender.cancel(stream.index);
  });
}
