import { readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

/** What a thread cost and suffered while its calls were counted. */
export interface ThreadHealth {
  readonly tookMs: number;
  /** Of this thread; of the whole process where the system does not tell threads apart. */
  readonly cpuMs: number;
  /** Of all threads of the process: garbage is collected on others. */
  readonly processCpuMs: number;
  readonly spunMs: number;
  /** It could have run, and the processor was another's; 0 where the system does not say. */
  readonly starvedMs: number;
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
}

export interface HealthMonitor {
  end(): ThreadHealth;
}

const loopSampleMs = 2;

/** Of the thread that calls. */
export function monitorHealth(spunMs: () => number): HealthMonitor {
  const loopDelay = monitorEventLoopDelay({ resolution: loopSampleMs });
  loopDelay.enable();
  const began = { atMs: performance.now(), spunMs: spunMs(), ...threadTimes(), ...processTimes() };
  return {
    end() {
      loopDelay.disable();
      const ended = { ...threadTimes(), ...processTimes() };
      return {
        tookMs: performance.now() - began.atMs,
        cpuMs: ended.cpuMs - began.cpuMs,
        processCpuMs: ended.processCpuMs - began.processCpuMs,
        spunMs: spunMs() - began.spunMs,
        starvedMs: ended.starvedMs - began.starvedMs,
        loopDelayP99Ms: delayMs(loopDelay.percentile(99)),
        loopDelayMaxMs: delayMs(loopDelay.max),
      };
    },
  };
}

/** Node measures from one sample to the next. */
function delayMs(sampleNs: number): number {
  return Math.max(0, sampleNs / 1e6 - loopSampleMs);
}

/** Linux: ns on a processor, and ns waiting for one. */
function threadTimes(): { cpuMs: number; starvedMs: number } {
  try {
    const [runNs, waitNs] = readFileSync("/proc/thread-self/schedstat", "utf8").split(" ");
    return { cpuMs: Number(runNs) / 1e6, starvedMs: Number(waitNs) / 1e6 };
  } catch {
    return { cpuMs: processTimes().processCpuMs, starvedMs: 0 };
  }
}

function processTimes(): { processCpuMs: number } {
  const { user, system } = process.cpuUsage();
  return { processCpuMs: (user + system) / 1_000 };
}
