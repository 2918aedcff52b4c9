import type { Clock } from "./clock.ts";

/** A clock whose time passes when it runs: the real loop over minutes takes milliseconds. */
export interface VirtualClock extends Clock {
  /** Until nothing is left to happen. */
  run(): void;
}

interface Happening {
  readonly atMs: number;
  /** Of two at the same time, the one that was asked for first happens first. */
  readonly order: number;
  readonly call: () => void;
}

export interface VirtualClockOptions {
  /** When what should happen at a time does: later, where the event loop is to be blocked. Never falls. */
  readonly happensAt?: (atMs: number) => number;
}

export function createVirtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const { happensAt = (atMs) => atMs } = options;
  const heap: Happening[] = [];
  let nowMs = 0;
  let order = 0;

  function plan(atMs: number, call: () => void): void {
    push(heap, { atMs: Math.max(atMs, nowMs), order: order++, call });
  }

  return {
    now: () => nowMs,
    after: (ms, call) => plan(nowMs + ms, call),
    alarm: (ring) => ({ set: (atMs) => plan(atMs, ring) }),
    run() {
      for (let next = pop(heap); next; next = pop(heap)) {
        nowMs = Math.max(nowMs, happensAt(next.atMs));
        next.call();
      }
    },
  };
}

function isBefore(a: Happening, b: Happening): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function push(heap: Happening[], happening: Happening): void {
  let at = heap.push(happening) - 1;
  for (
    let parent = (at - 1) >> 1;
    at > 0 && isBefore(happening, heap[parent]!);
    parent = (at - 1) >> 1
  ) {
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = happening;
}

function pop(heap: Happening[]): Happening | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === last || last === undefined) return first;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
    if (child >= heap.length || !isBefore(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return first;
}
