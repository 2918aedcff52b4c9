/** Streams without a call: taken in the order in which they became free, so that all connections have their turn. */
export interface FreeStreams {
  readonly count: number;
  take(): number;
  give(stream: number): void;
}

export function createFreeStreams(total: number): FreeStreams {
  const ring = Int32Array.from({ length: total }, (_, stream) => stream);
  let first = 0;
  let count = total;
  return {
    get count() {
      return count;
    },
    take() {
      const stream = ring[first]!;
      first = first + 1 === total ? 0 : first + 1;
      count--;
      return stream;
    },
    give(stream) {
      const end = first + count;
      ring[end < total ? end : end - total] = stream;
      count++;
    },
  };
}
