import type { Clock } from "../clock.ts";

/** A sum over the last while, in ten slices: what is counted leaves it after nine to ten tenths of `windowMs`. */
export interface Window {
  add(count: number): void;
  sum(): number;
}

const slices = 10;

export function createWindow(clock: Clock, windowMs: number): Window {
  const sliceMs = windowMs / slices;
  const counts = Array.from({ length: slices }, () => 0);
  let current = Math.floor(clock.now() / sliceMs);

  const move = () => {
    const now = Math.floor(clock.now() / sliceMs);
    const passed = Math.min(now - current, slices);
    for (let slice = 1; slice <= passed; slice++) counts[(now - passed + slice) % slices] = 0;
    current = Math.max(now, current);
  };
  return {
    add(count) {
      move();
      counts[current % slices]! += count;
    },
    sum() {
      move();
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}
