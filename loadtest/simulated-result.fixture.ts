import { Random } from "../models/random.ts";
import { createHistogram } from "./histogram/create-histogram.ts";
import type { RunResult, Second, Share } from "./run-result.ts";
import { sampleResult } from "./sample-result.fixture.ts";

export interface Simulated {
  readonly seconds: number;
  readonly perSecond: number;
  readonly seed?: number;
  /** Latency is multiplied by it. */
  readonly slower?: number;
}

/** A made-up run of a service with a canary from a third on, one stall, some refusals and a long tail. */
export function simulatedResult({
  seconds,
  perSecond,
  seed = 1,
  slower = 1,
}: Simulated): RunResult {
  const random = new Random(seed);
  const latency = createHistogram();
  const service = createHistogram();
  const lag = createHistogram();
  const arms: Record<string, Draft> = { stable: draft(), canary: draft() };
  const backends: Record<string, Draft> = {
    "cpu-qint8": draft(),
    "cpu-fp32": draft(),
    popular: draft(),
  };
  let failed = 0;
  const list = Array.from({ length: seconds }, (_, at): Second => {
    const own = createHistogram();
    const due = Math.round(perSecond * (0.97 + 0.06 * random.share()));
    const isStalled = at === Math.floor(seconds / 2);
    const byArm = { stable: 0, canary: 0 };
    let failedNow = 0;
    let lagMs = 0;
    for (let call = 0; call < due; call++) {
      const lateMs =
        0.02 + 0.3 * random.share() ** 6 + (random.share() < 0.0005 ? 3 * random.share() : 0);
      lag.record(lateMs);
      lagMs = Math.max(lagMs, lateMs);
      if (random.share() < (isStalled ? 0.12 : 0.0004)) {
        failedNow++;
        continue;
      }
      const arm = at >= seconds / 3 && random.share() < 0.2 ? "canary" : "stable";
      const tail = Math.exp(0.35 * normal(random)) * (random.share() < 0.01 ? 4 : 1);
      const servedMs = (arm === "canary" ? 4.4 : 5.6) * tail * slower;
      const waitedMs = isStalled ? 700 * (1 - call / due) : 0;
      const ms = servedMs + waitedMs + lateMs;
      const backend =
        isStalled && random.share() < 0.4 ? "popular" : arm === "canary" ? "cpu-fp32" : "cpu-qint8";
      for (const histogram of [latency, own, arms[arm]!.latency, backends[backend]!.latency])
        histogram.record(ms);
      service.record(servedMs);
      byArm[arm]++;
      for (const part of [arms[arm]!, backends[backend]!]) {
        part.answers++;
        if (backend === "popular") part.degraded++;
      }
    }
    failed += failedNow;
    return {
      due,
      ok: due - failedNow,
      failed: failedNow,
      latency: own.snapshot(),
      lagMs,
      arms: byArm,
    };
  });
  const due = list.reduce((sum, second) => sum + second.due, 0);
  return sampleResult({
    name: "steady",
    tookMs: 1_000 * seconds,
    about: {
      schedule: `${perSecond.toLocaleString("en-US")}/s as independent callers, ${seconds} s`,
    },
    latency: latency.snapshot(),
    service: service.snapshot(),
    lag: lag.snapshot(),
    codes: { OK: due - failed, RESOURCE_EXHAUSTED: failed - 7, UNAVAILABLE: 7 },
    messages: {
      RESOURCE_EXHAUSTED: "playlists 7 is full: 64 rows wait, 64 may; try again in 40 ms",
      UNAVAILABLE: "connection refused",
    },
    arms: finished(arms),
    backends: finished(backends),
    seconds: list,
    counts: {
      due,
      sent: due,
      ok: due - failed,
      failed,
      shed: failed - 7,
      answers: due - failed,
      degraded: backends["popular"]!.degraded,
      targetRate: due / seconds,
      achievedRate: due / seconds,
      goodput: (due - failed) / seconds,
    },
  });
}

interface Draft {
  answers: number;
  degraded: number;
  readonly latency: ReturnType<typeof createHistogram>;
}

function draft(): Draft {
  return { answers: 0, degraded: 0, latency: createHistogram() };
}

function finished(drafts: Readonly<Record<string, Draft>>): Record<string, Share> {
  const entries = Object.entries(drafts).filter(([, { answers }]) => answers > 0);
  return Object.fromEntries(
    entries.map(([name, part]) => [name, { ...part, latency: part.latency.snapshot() }]),
  );
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.share())) * Math.cos(2 * Math.PI * random.share());
}
