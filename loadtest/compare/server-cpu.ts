import { readFile } from "node:fs/promises";

/** CPU time that a server has spent since it started, all its threads and processes together. */
export interface ServerCpu {
  /** Rejects with what to do when it cannot be told. */
  readMs(): Promise<number>;
}

/** Linux counts CPU time in these, whatever the hardware. */
const msPerTick = 10;
const timeoutMs = 2_000;

/**
 * Each source is the address of a metrics page ("http://127.0.0.1:9464/metrics", its `process_cpu_seconds_total`) or a
 * process on this machine ("pid:4711"); what several of them say is added.
 */
export function openServerCpu(sources: readonly string[]): ServerCpu {
  const readers = sources.map(readerOf);
  return {
    async readMs() {
      const parts = await Promise.all(readers.map((read) => read()));
      return parts.reduce((sum, ms) => sum + ms, 0);
    },
  };
}

function readerOf(source: string): () => Promise<number> {
  const [, pid] = /^pid:(\d+)$/.exec(source) ?? [];
  if (pid !== undefined) return () => readProcess(pid);
  if (/^https?:\/\//.test(source)) return () => readMetrics(source);
  throw new Error(
    `"${source}" says nothing of CPU; it must be the address of a metrics page, "http://HOST:PORT/metrics", or "pid:NUMBER"`,
  );
}

async function readProcess(pid: string): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch((cause: Error) => {
    throw new Error(`the CPU time of process ${pid} cannot be read: ${cause.message}`, { cause });
  });
  // The name, in parentheses, may hold spaces; user and system time are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
}

async function readMetrics(url: string): Promise<number> {
  const page = await fetchText(url).catch((cause: Error) => {
    const why = cause.cause instanceof Error ? cause.cause.message : cause.message;
    throw new Error(`${url} cannot be read: ${why}`, { cause });
  });
  const samples = Array.from(
    page.matchAll(/^process_cpu_seconds_total(?:\{[^\n]*\})? (\S+)/gm),
    ([, seconds]) => Number(seconds),
  );
  const totalMs = 1_000 * samples.reduce((sum, seconds) => sum + seconds, 0);
  if (samples.length > 0 && Number.isFinite(totalMs)) return totalMs;
  throw new Error(`${url} has no process_cpu_seconds_total: is it the metrics page of the server?`);
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  return response.text();
}
