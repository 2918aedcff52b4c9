import type { Clock } from "../clock.ts";

export interface SlicedWork {
  readonly count: number;
  /** Does one piece. Returns its size: the bytes that it read and wrote, and those that would have taken as long as what else it did. */
  do(index: number): number;
  /** After each slice. */
  paused(): void;
}

/** Bytes, about half a millisecond of work. */
const sliceSize = 64 * 1024;
/** What a piece costs besides its bytes, in bytes. */
const pieceSize = 64;

/** Does the first slice at once; before each other one, everything else that is due gets its turn. */
export function inSlices(work: SlicedWork, clock: Clock): void {
  const doFrom = (start: number) => {
    let size = 0;
    let next = start;
    while (next < work.count && size < sliceSize) size += pieceSize + work.do(next++);
    work.paused();
    if (next < work.count) void clock.turn().then(() => doFrom(next));
  };
  doFrom(0);
}
