import { expect, test } from "vitest";
import { studentT } from "./student-t.ts";

// From tables; those of 1 and 2 degrees of freedom have closed forms, tan(pi (p - 1/2)) and (2p - 1) / sqrt(2p(1 - p)).
test.each([
  [0.975, 1, 12.706_204_736],
  [0.975, 2, 4.302_652_73],
  [0.975, 4, 2.776_445_105],
  [0.95, 4, 2.131_846_786],
  [0.995, 4, 4.604_094_871],
  [0.975, 6, 2.446_911_851],
  [0.995, 10, 3.169_272_673],
  [0.99, 30, 2.457_261_542],
  [0.975, 120, 1.979_930_405],
  [0.975, 1_000_000, 1.959_966_4],
])("at %d with %d degrees of freedom", (probability, freedom, value) => {
  expect(studentT(probability, freedom)).toBeCloseTo(value, 6);
  expect(studentT(1 - probability, freedom)).toBeCloseTo(-value, 6);
});

test("agrees with the closed forms everywhere", () => {
  for (const p of [0.5, 0.500_1, 0.6, 0.8, 0.9, 0.99, 0.999, 0.999_9]) {
    const one = Math.tan(Math.PI * (p - 0.5));
    const two = (2 * p - 1) / Math.sqrt(2 * p * (1 - p));
    expect(studentT(p, 1)).toBeCloseTo(one, one > 100 ? 4 : 8);
    expect(studentT(p, 2)).toBeCloseTo(two, 8);
  }
});
