import type { ServingError } from "../../proto/serving-error.ts";
import type { Ended } from "./sender.ts";

/** Hears how calls end, by the stream they are on. */
export interface Listener extends Ended {
  /** How the stream's next call ends. */
  next(stream: number): Promise<Buffer | ServingError>;
}

export function createListener(): Listener {
  const waiting = new Map<number, (outcome: Buffer | ServingError) => void>();
  const tell = (stream: number, outcome: Buffer | ServingError) => {
    const hear = waiting.get(stream);
    if (hear === undefined) throw new Error(`stream ${stream} ended twice, or without a call`);
    waiting.delete(stream);
    hear(outcome);
  };
  return {
    answered: (stream, reply) => tell(stream, Buffer.from(reply)),
    failed: tell,
    next: (stream) => new Promise((resolve) => waiting.set(stream, resolve)),
  };
}

export function inTime(): number {
  return performance.now() + 10_000;
}

export function soon(): number {
  return performance.now() + 50;
}
