import { openChannel, startServer } from "../../transport/open.ts";
import type { Method } from "../../transport/transport.ts";
import { createTrafficFile } from "./traffic-file.ts";

export interface RecordTrafficOptions {
  readonly file: string;
  /** Where calls go on to. */
  readonly target: string;
  readonly port: number;
  /** What is recorded: one method. Others are not served here. */
  readonly path: string;
  /** What comes beyond goes on unrecorded. Default 1 GiB. */
  readonly maxBytes?: number;
}

export interface TrafficRecorder {
  readonly address: string;
  /** Recorded so far. */
  calls(): number;
  /** Why recording stopped before its end, e.g. a full disk; calls still go on. */
  stoppedBecause(): string | undefined;
  /** Calls under way finish, and the file is complete. */
  close(): Promise<void>;
}

/**
 * A gRPC server that hands calls of one method on, and writes down when they came and with what. The file holds what
 * users asked for: treat it as their data. It must not exist yet.
 */
export async function recordTraffic(options: RecordTrafficOptions): Promise<TrafficRecorder> {
  const { file, target, port, path, maxBytes = 2 ** 30 } = options;
  const traffic = await createTrafficFile(file, { path, maxBytes });
  const channel = openChannel(target);
  const method: Method = {
    kind: "unary",
    path,
    handle(request, { deadlineMs, signal, metadata }) {
      traffic.record(request);
      return channel.unary(path, request, { deadlineMs, signal, metadata });
    },
  };
  const server = await startServer([method], { port });
  return {
    address: server.address,
    calls: () => traffic.calls(),
    stoppedBecause: () => traffic.stoppedBecause(),
    async close() {
      await server.close(10_000);
      channel.close();
      await traffic.close();
    },
  };
}
