import { expect, test } from "vitest";
import { firstSides } from "./run-order.ts";

test("either side is first in half of the rounds, in an order that the seed decides", () => {
  for (const rounds of [5, 6, 7, 12]) {
    const orders = Array.from({ length: 50 }, (_, seed) => firstSides(rounds, seed));
    for (const order of orders) {
      const first = order.filter((side) => side === "a").length;
      expect(Math.abs(rounds - 2 * first)).toBe(rounds % 2);
    }
    expect(new Set(orders.map((order) => order.join(""))).size).toBeGreaterThan(5);
    expect(firstSides(rounds, 9)).toEqual(orders[9]);
  }
});
