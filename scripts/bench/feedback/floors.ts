import { open } from "node:fs/promises";
import { join } from "node:path";
import { openConnections } from "../../../router/store/redis/connect.ts";
import { parseStoreAddress } from "../../../router/store/store-address.ts";
import type { SinkKind } from "./sink-process.ts";

/** What one write of nothing else costs there. */
export interface Floor {
  readonly perSecond: number;
  readonly p50Ms: number;
}

export interface FloorPlace {
  readonly root: string;
  /** Of the sink. */
  readonly place: string;
}

const forMs = 1_000;
const line = `${"x".repeat(240)}\n`;

/** One line after another, each durable before the next. */
export const measureFloor: Readonly<Record<SinkKind, (where: FloorPlace) => Promise<Floor>>> = {
  async spool({ root }) {
    await using file = await open(join(root, "floor"), "wx");
    return await repeat(async () => {
      await file.write(line);
      await file.datasync();
    });
  },
  async stream({ place }) {
    const address = parseStoreAddress(place);
    const { connection } = await openConnections({ address, timeoutMs: 1_000 });
    try {
      const args = ["floor", "*", "event", line];
      return await repeat(async () => void (await connection.send("xadd", args)));
    } finally {
      connection.close();
    }
  },
};

async function repeat(write: () => Promise<void>): Promise<Floor> {
  const tookMs: number[] = [];
  const startedMs = performance.now();
  while (performance.now() - startedMs < forMs) {
    const beganMs = performance.now();
    await write();
    tookMs.push(performance.now() - beganMs);
  }
  return {
    perSecond: (1_000 * tookMs.length) / (performance.now() - startedMs),
    p50Ms: tookMs.toSorted((a, b) => a - b)[tookMs.length >> 1]!,
  };
}
