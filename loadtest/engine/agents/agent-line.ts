import { nameOf, ServingError } from "../../../proto/serving-error.ts";
import { openChannel } from "../../../transport/open.ts";
import type { ChannelOptions } from "../../../transport/transport.ts";
import type { Share } from "../../pace/deal.ts";
import type { RunPlan } from "../../run-plan.ts";
import type { RunProgress } from "../../run-progress.ts";
import { nowMs } from "../local-run.ts";
import type { RunReport } from "../run-report.ts";
import { createMailbox } from "./mailbox.ts";
import { measureClock, type ClockOffset } from "./measure-clock.ts";
import { planToJson } from "./plan-json.ts";
import {
  clockPath,
  decode,
  encode,
  maxMessageBytes,
  reportOf,
  runPath,
  tokenKey,
  tokenValue,
  type ClockReply,
  type Command,
  type Saying,
} from "./protocol.ts";

/** An agent as its coordinator sees it. All of it rejects with a ServingError that names the agent. */
export interface AgentLine {
  readonly address: string;
  compareClocks(): Promise<ClockOffset>;
  /** Resolves when its workers are connected to the targets. */
  prepare(plan: RunPlan, share: Share): Promise<void>;
  /**
   * After `prepare`; resolves when its share of the run is over.
   * @param countFromMs By the agent's clock.
   */
  start(countFromMs: number): Promise<RunReport>;
  /** Its report follows soon. */
  stop(because: string): void;
  close(): void;
}

export interface AgentLineOptions {
  readonly token?: string;
  readonly channel?: ChannelOptions;
  readonly onProgress: (progress: RunProgress) => void;
}

const clockMs = 5_000;

export function openAgentLine(address: string, options: AgentLineOptions): AgentLine {
  const { token, onProgress } = options;
  const channel = openChannel(address, { ...options.channel, maxMessageBytes });
  const metadata = new Map(token === undefined ? [] : [[tokenKey, tokenValue(token)]]);
  const commands = createMailbox<Command>();
  const replies = channel.stream(runPath, encoded(commands.all()), { metadata });
  const sayings = replies[Symbol.asyncIterator]();

  async function hear(): Promise<Saying> {
    const { value, done } = await sayings.next();
    if (done) throw new ServingError("UNAVAILABLE", "it ended the run without a report");
    return decode(value) as Saying;
  }

  async function askClock(): Promise<number> {
    const deadlineMs = performance.now() + clockMs;
    const reply = await channel.unary(clockPath, new Uint8Array(), { metadata, deadlineMs });
    return (decode(reply) as ClockReply).nowMs;
  }

  return {
    address,
    compareClocks: () => named(address, () => measureClock(askClock, nowMs)),
    prepare: (plan, share) =>
      named(address, async () => {
        const order = { kind: "prepare", plan: planToJson(plan), share } as const;
        assertFits(encode(order));
        commands.put(order);
        await hear();
      }),
    start: (countFromMs) =>
      named(address, async () => {
        commands.put({ kind: "start", countFromMs });
        const pieces: string[] = [];
        for (;;) {
          const saying = await hear();
          if (saying.kind === "progress") onProgress(saying.progress);
          if (saying.kind !== "report") continue;
          pieces.push(saying.piece);
          if (saying.isLast) return reportOf(pieces);
        }
      }),
    stop: (because) => commands.put({ kind: "stop", because }),
    close() {
      commands.close();
      channel.close();
      void sayings.return?.().catch(() => {});
    },
  };
}

async function* encoded(commands: AsyncIterable<Command>): AsyncGenerator<Uint8Array, void> {
  for await (const command of commands) yield encode(command);
}

function assertFits({ length }: Uint8Array): void {
  if (length <= maxMessageBytes) return;
  const [has, most] = [length, maxMessageBytes].map((bytes) => Math.ceil(bytes / 2 ** 20));
  throw new ServingError(
    "RESOURCE_EXHAUSTED",
    `the plan has ${has} MB and at most ${most} can be sent: use fewer different requests`,
  );
}

async function named<Value>(address: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (thrown) {
    const error = ServingError.from(thrown);
    const { isLost } = error;
    const message = `agent ${address}: ${error.message}`;
    throw new ServingError(nameOf(error.code), message, { isLost, cause: thrown });
  }
}
