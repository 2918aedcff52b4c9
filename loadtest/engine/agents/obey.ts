import { ServingError } from "../../../proto/serving-error.ts";
import type { Share } from "../../pace/deal.ts";
import type { RunPlan } from "../../run-plan.ts";
import { assertPlan } from "../assert-plan.ts";
import { openLocalRun } from "../local-run.ts";
import { createMailbox } from "./mailbox.ts";
import { planFromJson } from "./plan-json.ts";
import { decode, encode, piecesOf, type Command, type Saying } from "./protocol.ts";

export interface ObeyOptions {
  /** Aborts when the coordinator is gone. */
  readonly signal: AbortSignal;
  readonly onRun?: (name: string, outcome: "begins" | "ends") => void;
}

/** One run as its coordinator commands it. Whatever becomes of the stream, no load outlives it. */
export async function* obey(
  requests: AsyncIterable<Uint8Array>,
  { signal, onRun }: ObeyOptions,
): AsyncGenerator<Uint8Array, void> {
  const commands = requests[Symbol.asyncIterator]();
  const { plan, share } = readOrder(await next(commands, "prepare"));
  const sayings = createMailbox<Saying>();
  const local = await openLocalRun({
    plan,
    share,
    onProgress: (progress) => sayings.put({ kind: "progress", progress }),
  });
  const stop = (because: string) => local.stop({ by: "interrupt", because });
  const leave = () => sayings.close(new ServingError("CANCELLED", "the coordinator is gone"));
  signal.addEventListener("abort", leave, { once: true });
  onRun?.(plan.name, "begins");
  try {
    yield encode({ kind: "ready" });
    const { countFromMs } = await next(commands, "start");
    local.start(countFromMs);
    next(commands, "stop").then(({ because }) => stop(because), leave);
    local.report.then(
      (report) => {
        for (const piece of piecesOf(report)) sayings.put(piece);
        sayings.close();
      },
      (error: unknown) => sayings.close(ServingError.from(error)),
    );
    for await (const saying of sayings.all()) yield encode(saying);
  } finally {
    signal.removeEventListener("abort", leave);
    await local.close();
    onRun?.(plan.name, "ends");
  }
}

/** Throws for any other command, and when the coordinator goes. */
async function next<Kind extends Command["kind"]>(
  commands: AsyncIterator<Uint8Array>,
  kind: Kind,
): Promise<Extract<Command, { kind: Kind }>> {
  const { value, done } = await commands.next();
  if (done) throw new ServingError("CANCELLED", `the coordinator went before it said "${kind}"`);
  const command = read(() => decode(value) as Command);
  if (command.kind === kind) return command as Extract<Command, { kind: Kind }>;
  throw new ServingError("CANCELLED", `the coordinator said "${command.kind}", not "${kind}"`);
}

function readOrder({ plan: json, share }: Extract<Command, { kind: "prepare" }>): {
  readonly plan: RunPlan;
  readonly share: Share;
} {
  return read(() => {
    const plan = planFromJson(json);
    assertPlan(plan);
    return { plan, share };
  });
}

function read<Value>(parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    throw new ServingError("INVALID_ARGUMENT", (error as Error).message);
  }
}
