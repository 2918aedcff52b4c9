import { expect, test } from "vitest";
import { findItemIds, type IdEvidence } from "./item-ids.ts";

const evidence: IdEvidence = {
  items: 40,
  columns: 41,
  tableRows: 41,
  zeroRows: [],
  comparedWith: [],
  firstId: undefined,
  paddingId: undefined,
};

test("padding is told by its vector, else by what the model looks for", () => {
  expect(findItemIds({ ...evidence, zeroRows: [0] })).toMatchObject({ firstId: 1, paddingId: 0 });
  expect(findItemIds({ ...evidence, comparedWith: [40] })).toMatchObject({
    firstId: 0,
    paddingId: 40,
  });
  expect(() => findItemIds(evidence)).toThrow("nobody can tell which of the ids is padding");
});

test("a catalogue with a line too many is refused, where the model has padding", () => {
  const all = { ...evidence, items: 41 };
  expect(() => findItemIds({ ...all, zeroRows: [0] })).toThrow("a catalogue with 40 lines");
  expect(() => findItemIds({ ...all, zeroRows: [40] })).toThrow("vector of its id 40");
  expect(findItemIds(all)).toMatchObject({ firstId: 0 });
  expect(findItemIds({ ...all, zeroRows: [0], firstId: 0 })).toMatchObject({ firstId: 0 });
});

test("where two ids are no items, or the catalogue lacks a line, somebody must say where items begin", () => {
  const two = { ...evidence, columns: 42, tableRows: 42, zeroRows: [0] };
  expect(() => findItemIds(two)).toThrow("42 ids, 2 more than the catalogue, which has 40:");
  expect(() => findItemIds(two)).toThrow("--first-id 2 (both come first)");
  expect(findItemIds({ ...two, firstId: 2 })).toMatchObject({ firstId: 2, firstColumn: 2 });
});
