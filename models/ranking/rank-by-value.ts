const digitBits = 11;
const digitCount = 2 ** digitBits;
const shifts = [0, 11, 22];

/**
 * The indexes of the values, the largest value first, equal ones in their order. A radix sort: a sort that calls back takes several times as long,
 * and serving waits while it runs.
 */
export function rankByValue(values: Float32Array): Int32Array {
  const keys = keysOf(values);
  let from = new Int32Array(values.length);
  for (let index = 0; index < from.length; index++) from[index] = index;
  let to = new Int32Array(values.length);
  for (const shift of shifts) {
    sortByDigit({ keys, shift, from, to });
    [from, to] = [to, from];
  }
  return from;
}

/** Unsigned numbers that ascend as the values descend. */
function keysOf(values: Float32Array): Uint32Array {
  const bits = new Int32Array(values.length);
  // Minus zero becomes zero, its equal.
  const floats = new Float32Array(bits.buffer);
  for (let i = 0; i < values.length; i++) floats[i] = values[i]! + 0;
  for (let i = 0; i < bits.length; i++) {
    const own = bits[i]!;
    bits[i] = own < 0 ? own : ~own & 0x7fff_ffff;
  }
  return new Uint32Array(bits.buffer);
}

interface Pass {
  readonly keys: Uint32Array;
  readonly shift: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

function sortByDigit({ keys, shift, from, to }: Pass): void {
  const places = new Int32Array(digitCount + 1);
  const lastDigit = digitCount - 1;
  for (const index of from) places[((keys[index]! >>> shift) & lastDigit) + 1]!++;
  for (let digit = 1; digit < digitCount; digit++) places[digit]! += places[digit - 1]!;
  for (const index of from) to[places[(keys[index]! >>> shift) & lastDigit]!++] = index;
}
