import { open } from "node:fs/promises";
import { type RecordedCall, recordingFormat, type RecordingHeader } from "./recorded-traffic.ts";

/** Calls written down as they come. */
export interface TrafficFile {
  record(request: Uint8Array): void;
  calls(): number;
  /** Why nothing more is written, e.g. a full disk. */
  stoppedBecause(): string | undefined;
  close(): Promise<void>;
}

const flushMs = 200;

/** Only its owner may read it; fails when it is there already. */
export async function createTrafficFile(
  file: string,
  { path, maxBytes }: { readonly path: string; readonly maxBytes: number },
): Promise<TrafficFile> {
  const handle = await open(file, "wx", 0o600);
  let waiting = `${JSON.stringify({ format: recordingFormat, path } satisfies RecordingHeader)}\n`;
  let bytes = 0;
  let calls = 0;
  let startedMs: number | undefined;
  let problem: string | undefined;
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    const chunk = waiting;
    waiting = "";
    try {
      await handle.appendFile(chunk);
    } catch (error) {
      problem = (error as Error).message;
    }
  }

  const flush = () => (writing = writing.then(write));
  const timer = setInterval(() => void flush(), flushMs).unref();

  return {
    record(request) {
      if (problem !== undefined) return;
      const now = performance.now();
      startedMs ??= now;
      const line = lineOf({ atMs: now - startedMs, request: base64(request) });
      bytes += line.length;
      if (bytes > maxBytes) {
        problem = `${maxBytes} bytes are recorded`;
        return;
      }
      calls++;
      waiting += line;
    },
    calls: () => calls,
    stoppedBecause: () => problem,
    async close() {
      clearInterval(timer);
      await flush();
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
  };
}

function lineOf({ atMs, request }: RecordedCall): string {
  return `${JSON.stringify({ atMs: Math.round(atMs * 1_000) / 1_000, request })}\n`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
}
