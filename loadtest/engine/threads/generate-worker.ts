import { parentPort, workerData } from "node:worker_threads";
import { nameOf, ServingError } from "../../../proto/serving-error.ts";
import { openSenders } from "../../senders/open-senders.ts";
import { createGenerator, type Generator } from "../loop/generator.ts";
import { createRealClock, type RealClock } from "../real-clock.ts";
import type { FromWorker, SentGlance, ToWorker, WorkerOrder } from "./messages.ts";
import { monitorHealth, type HealthMonitor } from "./thread-health.ts";

/* A worker: sends its share of a run, tells of it twice a second, and what it found at the end. */

const defaultSpinMs = 2;
const glanceMs = 500;

const port = parentPort!;
const { plan, share } = workerData as WorkerOrder;

void begin();

async function begin(): Promise<void> {
  try {
    const clock = createRealClock({ spinMs: plan.spinMs ?? defaultSpinMs });
    const generator = createGenerator({ plan, share, clock, openSender: openSenders(plan) });
    await generator.connect();
    port.on("message", (message: ToWorker) => {
      if (message.kind === "start") start(generator, clock, message.countFromMs);
      else generator.stop();
    });
    tell({ kind: "connected" });
  } catch (thrown) {
    const { code, message } = ServingError.from(thrown);
    tell({ kind: "refused", code: nameOf(code), message });
  }
}

function start(generator: Generator, clock: RealClock, countFromMs: number): void {
  const originMs = countFromMs - performance.timeOrigin;
  let monitor: HealthMonitor | undefined;
  clock.after(originMs - clock.now(), () => {
    monitor = monitorHealth(() => clock.spunMs());
  });
  const glances = setInterval(
    () => tell({ kind: "glance", glance: glanceAt(generator) }),
    glanceMs,
  );
  generator.start(originMs, () => {
    clearInterval(glances);
    const health = monitor?.end();
    tell({
      kind: "ended",
      part: JSON.stringify(generator.part()),
      ...(health && { health }),
    });
    generator.close();
  });
}

function glanceAt(generator: Generator): SentGlance {
  const { latency, ...glance } = generator.glance();
  return { ...glance, buckets: [...latency.buckets()] };
}

function tell(message: FromWorker): void {
  port.postMessage(message);
}
