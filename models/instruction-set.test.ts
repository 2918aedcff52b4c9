import { expect, test } from "vitest";
import { instructionSet, instructionSetIn } from "./instruction-set.ts";

test.each([
  ["flags\t\t: fpu avx2 avx512bw avx512_vnni\n", "avx512-vnni"],
  ["flags\t\t: avx512_vnni amx_int8 avx2\n", "amx-int8"],
  ["flags\t\t: avx2 avx_vnni\n", "avx-vnni"],
  ["processor\t: 0\nflags\t\t: sse2 avx2\n\nprocessor\t: 1\nflags\t\t: sse2 avx2\n", "avx2"],
  ["Features\t: fp asimd asimddp\n", "neon-dotprod"],
  ["flags\t\t: sse2\n", undefined],
  ["", undefined],
])("%j", (cpuInfo, name) => {
  expect(instructionSetIn(cpuInfo)).toBe(name);
});

test("this machine has a name", async () => {
  expect(await instructionSet()).toMatch(/^[\w-]+$/);
});
