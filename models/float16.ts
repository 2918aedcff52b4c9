/** Conversions between float32 and the 16 bit formats, element by element, to nearest, ties to even. */

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** IEEE 754 binary16; what is too large becomes infinite. */
export function toFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(values, (value) => {
    float[0] = value;
    return halfOf(bits[0]!);
  });
}

export function fromFloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(halves, valueOf);
}

/** The upper half of a float32. */
export function fromBfloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}

const largestHalf = 0x7c00;

function halfOf(single: number): number {
  const sign = (single >>> 16) & 0x8000;
  const magnitude = single & 0x7fff_ffff;
  if (magnitude > 0x7f80_0000) return sign | 0x7e00;
  if (magnitude >= 0x4780_0000) return sign | largestHalf;
  // Below 2^-14 the spacing is 2^-24 throughout: adding half of it in float32 would not round to even.
  if (magnitude < 0x3880_0000) return sign | roundedToEven(magnitudeOf(magnitude) * 2 ** 24);
  const rebased = magnitude - 0x3800_0000;
  const half = rebased >>> 13;
  const rest = rebased & 0x1fff;
  const up = rest > 0x1000 || (rest === 0x1000 && (half & 1) === 1) ? 1 : 0;
  // A carry out of the fraction raises the exponent, up to infinity: as it should.
  return sign | (half + up);
}

function magnitudeOf(single: number): number {
  bits[0] = single;
  return float[0]!;
}

function roundedToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

function valueOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
