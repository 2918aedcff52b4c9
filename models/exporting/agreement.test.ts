import { expect, test } from "vitest";
import { agreementOf, sameOrder10 } from "./agreement.ts";
import type { Top } from "./top.ts";

const top = (ids: number[], scores = ids.map((_, i) => 100 - i)): Top => ({
  ids: Int32Array.from(ids),
  scores: Float32Array.from(scores),
});
const ten = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

test("the same list agrees in all respects; what follows the tenth does not count", () => {
  const [reference, variant] = [[top([...ten, 10])], [top([...ten, 11])]];
  expect(agreementOf(reference, variant)).toEqual({ overlap10: 1, top1: 1, recall10: 1 });
  expect(sameOrder10(reference, variant)).toBe(1);
});

test("a swap leaves the overlap; a lost item does not", () => {
  const reference = [top(ten), top(ten)];
  const variant = [
    top([1, 0, 2, 3, 4, 5, 6, 7, 8, 9]),
    top([0, 1, 2, 3, 4, 5, 6, 7, 8, 77], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
  ];
  expect(agreementOf(reference, variant)).toEqual({ overlap10: 0.95, top1: 0.5, recall10: 0.95 });
  expect(sameOrder10(reference, variant)).toBe(0);
});

test("an item that ties with the tenth was found", () => {
  const variant = [top([0, 1, 2, 3, 4, 5, 6, 7, 8, 77], [100, 99, 98, 97, 96, 95, 94, 93, 92, 91])];
  expect(agreementOf([top(ten)], variant)).toEqual({ overlap10: 0.9, top1: 1, recall10: 1 });
});

test("a catalogue of three has a top 10 of three", () => {
  expect(agreementOf([top([0, 1, 2])], [top([0, 2, 1])])).toEqual({
    overlap10: 1,
    top1: 1,
    recall10: 1,
  });
});
