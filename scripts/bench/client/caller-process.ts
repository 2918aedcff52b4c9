import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ServingError } from "../../../proto/serving-error.ts";
import type * as GrpcJs from "../../../transport/grpc-js/channel.ts";
import type * as Http2 from "../../../transport/http2/channel.ts";
import type { Channel } from "../../../transport/transport.ts";
import type { ClientLoad, Spent } from "./subject.ts";

/** From the parent: a load, and which client of the compiled ones is to send it. */
export interface CallerOrder {
  readonly compiled: string;
  readonly client: CallerClient;
  readonly load: ClientLoad;
}

/** Promises over our own client, its prepared methods, or promises over grpc-js. */
export type CallerClient = "http2" | "http2 prepared" | "grpc-js";

/** To the parent. */
export type CallerReport = Spent;

const deadlineMs = 10_000;

process.on("message", (order: CallerOrder) => void obey(order));
process.once("disconnect", () => process.exit());

async function obey({ compiled, client, load }: CallerOrder): Promise<void> {
  const folder = client === "grpc-js" ? "grpc-js" : "http2";
  const file = pathToFileURL(join(compiled, "transport", folder, "channel.js")).href;
  const loaded = (await import(file)) as typeof GrpcJs & typeof Http2;
  const record = createRecord(performance.now() + load.forMs);
  const before = process.cpuUsage();
  if (client === "http2 prepared") await runPrepared(load, record, loaded.openHttp2Channel);
  else
    await runPromises(
      load,
      record,
      folder === "http2" ? loaded.openHttp2Channel : loaded.openChannel,
    );
  const { user, system } = process.cpuUsage(before);
  const { calls, failed } = record;
  process.send!({ calls, failed, cpuMs: (user + system) / 1_000 } satisfies CallerReport);
}

type Record = ReturnType<typeof createRecord>;

/** What a load generator must do for each call at least: two looks at the clock, and a latency counted. */
function createRecord(endMs: number) {
  const tenthsOfMs = new Uint32Array(100_000);
  return {
    calls: 0,
    failed: 0,
    isOver: false,
    ended(startedMs: number, error: unknown) {
      const nowMs = performance.now();
      this.isOver = nowMs >= endMs;
      if (error) this.failed++;
      else this.calls++;
      const tenths = Math.min(tenthsOfMs.length - 1, Math.floor(10 * (nowMs - startedMs)));
      tenthsOfMs[tenths] = tenthsOfMs[tenths]! + 1;
    },
  };
}

async function runPromises(
  load: ClientLoad,
  record: Record,
  open: (address: string) => Channel,
): Promise<void> {
  const channels = Array.from({ length: load.connections }, () => open(load.address));
  const stream = async (channel: Channel) => {
    while (!record.isOver) {
      const startedMs = performance.now();
      let failure: unknown;
      try {
        await channel.unary(load.path, load.request, { deadlineMs: startedMs + deadlineMs });
      } catch (error) {
        failure = error;
      }
      record.ended(startedMs, failure);
    }
  };
  const streams = channels.flatMap((channel) =>
    Array.from({ length: load.streams }, () => stream(channel)),
  );
  await Promise.all(streams);
  for (const channel of channels) channel.close();
}

async function runPrepared(
  load: ClientLoad,
  record: Record,
  open: typeof Http2.openHttp2Channel,
): Promise<void> {
  const channels = Array.from({ length: load.connections }, () => open(load.address));
  const streams = channels.flatMap((channel) => {
    const method = channel.prepare(load.path);
    return Array.from({ length: load.streams }, () => preparedStream(method, load.request, record));
  });
  await Promise.all(streams);
  for (const channel of channels) channel.close();
}

function preparedStream(
  method: Http2.PreparedMethod,
  request: Uint8Array,
  record: Record,
): Promise<void> {
  return new Promise((resolve) => {
    let startedMs = 0;
    const listener = {
      message() {},
      ended(error: ServingError | undefined) {
        record.ended(startedMs, error);
        if (record.isOver) resolve();
        else start();
      },
    };
    const start = () => {
      startedMs = performance.now();
      method.start(request, listener, startedMs + deadlineMs);
    };
    start();
  });
}
