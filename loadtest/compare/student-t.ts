/** The value that a Student t variable with so many degrees of freedom stays below with this probability. */
export function studentT(probability: number, freedom: number): number {
  if (probability < 0.5) return -studentT(1 - probability, freedom);
  let low = 0;
  let high = 1;
  while (below(high, freedom) < probability) high *= 2;
  // Each turn halves what is left: after 60 it is the precision of the numbers.
  for (let turn = 0; turn < 60; turn++) {
    const middle = (low + high) / 2;
    if (below(middle, freedom) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The probability to stay below `t`, which is not negative. */
function below(t: number, freedom: number): number {
  return 1 - incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
}

/** Regularized, for x from 0 to 1 (NIST Digital Library of Mathematical Functions, 8.17). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  // The fraction converges quickly on this side only.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  const factor = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta) / a;
  return factor / continuedFraction(x, a, b);
}

/** 8.17.22, from its far end. */
function continuedFraction(x: number, a: number, b: number): number {
  let value = 1;
  for (let m = 100; m >= 1; m--) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    value = 1 + even / (1 + odd / value);
  }
  return 1 - ((a + b) * x) / (a + 1) / value;
}

/** Stirling's series (5.11.1), where it is exact to 12 digits; below, by Gamma(z + 1) = z Gamma(z). */
function logGamma(z: number): number {
  if (z < 10) return logGamma(z + 1) - Math.log(z);
  const inverse = 1 / z;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series;
}
