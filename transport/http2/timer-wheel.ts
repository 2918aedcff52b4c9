/** Something that is due at a time, in the list of those due in the same millisecond. */
export class Alarm {
  dueMs = Infinity;
  before: Alarm = this;
  after: Alarm = this;

  /** Its time has come; the wheel has let go of it. */
  ring(): void {}

  /** Called off. */
  unlink(): void {
    this.before.after = this.after;
    this.after.before = this.before;
    this.before = this.after = this;
  }
}

/** Injected, so that tests can move time. */
export interface WheelClock {
  now(): number;
  /** Returns how to call it off. Must not keep the process alive. */
  after(delayMs: number, act: () => void): () => void;
}

const realClock: WheelClock = {
  now: () => performance.now(),
  after(delayMs, act) {
    const timer = setTimeout(act, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/** A power of two. What is due after more than a revolution is passed over, once in each. */
const slotCount = 1_024;

/**
 * One timer for any number of alarms, nearly all of which are called off: setting and calling off move a few pointers.
 * An alarm rings up to 2 ms late, never early.
 */
export class TimerWheel {
  readonly #clock: WheelClock;
  readonly #slots = Array.from({ length: slotCount }, () => new Alarm());
  #seenMs: number;
  #wakeMs = Infinity;
  #callOff: () => void = () => {};

  constructor(clock: WheelClock = realClock) {
    this.#clock = clock;
    this.#seenMs = Math.floor(clock.now());
  }

  set(alarm: Alarm, dueMs: number): void {
    alarm.unlink();
    if (dueMs === Infinity) return;
    alarm.dueMs = dueMs;
    // One that is due already rings with those of the next millisecond.
    const slotMs = Math.max(Math.ceil(dueMs), this.#seenMs + 1);
    const head = this.#slots[slotMs % slotCount]!;
    alarm.before = head.before;
    alarm.after = head;
    head.before.after = alarm;
    head.before = alarm;
    if (slotMs < this.#wakeMs) this.#wakeAt(slotMs);
  }

  #wakeAt(wakeMs: number): void {
    this.#callOff();
    this.#wakeMs = wakeMs;
    const delayMs = Math.max(1, Math.ceil(wakeMs - this.#clock.now()));
    this.#callOff = this.#clock.after(delayMs, () => this.#wake());
  }

  #wake(): void {
    const nowMs = this.#clock.now();
    const lastMs = Math.floor(nowMs);
    const due: Alarm[] = [];
    // More than a revolution behind, all slots have come round.
    for (let ms = Math.max(this.#seenMs + 1, lastMs - slotCount + 1); ms <= lastMs; ms++)
      this.#takeDue(this.#slots[ms % slotCount]!, nowMs, due);
    this.#seenMs = lastMs;
    this.#wakeMs = Infinity;
    const next = this.#nextSlotMs();
    if (next !== undefined) this.#wakeAt(next);
    for (const alarm of due) alarm.ring();
  }

  #takeDue(head: Alarm, nowMs: number, due: Alarm[]): void {
    for (let alarm = head.after; alarm !== head;) {
      const { after } = alarm;
      if (alarm.dueMs <= nowMs) {
        alarm.unlink();
        due.push(alarm);
      }
      alarm = after;
    }
  }

  #nextSlotMs(): number | undefined {
    for (let ms = this.#seenMs + 1; ms <= this.#seenMs + slotCount; ms++) {
      const head = this.#slots[ms % slotCount]!;
      if (head.after !== head) return ms;
    }
    return undefined;
  }
}
