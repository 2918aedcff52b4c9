/** Time as the engine sees it: real, or a test's. On the clock of `performance.now()`. */
export interface Clock {
  now(): number;
  /** One that rings when it is set to, as precisely as the clock can. */
  alarm(ring: () => void): Alarm;
  /** Calls after a while, give or take a few milliseconds. */
  after(ms: number, call: () => void): void;
}

export interface Alarm {
  /** Never rings before this returns, though the time has passed. To be set anew when it rang, or to a later time. */
  set(atMs: number): void;
}
