/**
 * Repeatable chance (sfc32): the same seed and stream give the same numbers on every machine. Not for secrets.
 * A class, since worlds and trainings make millions of them and a closure for each costs more than its numbers.
 */
export class Random {
  #a: number;
  #b: number;
  #c = 0x9e3779b9 | 0;
  #counter = 1;

  /** Seeds and streams may be close to each other: 1, 2, 3. */
  constructor(seed: number, stream = 0) {
    this.#a = seed | 0;
    this.#b = stream | 0;
    // Until the seed has reached every bit of the state.
    for (let i = 0; i < 12; i++) this.bits();
  }

  /** From 0 to 2^32 - 1. */
  bits(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** From 0 up to and without 1. */
  share(): number {
    return this.bits() / 2 ** 32;
  }

  /** A whole number from 0 up to and without `end`. */
  below(end: number): number {
    return Math.floor(this.share() * end);
  }
}
