import type { TwoTowerSource } from "./source.ts";

/** Throws an Error that lists every problem, before anything is written. */
export function checkSource(source: TwoTowerSource): void {
  const problems = problemsIn(source);
  if (problems.length === 0) return;
  throw new Error(
    `this two-tower model cannot be exported:\n${problems.map((problem) => `- ${problem}`).join("\n")}`,
  );
}

function problemsIn({ weights, popularity, probes }: TwoTowerSource): string[] {
  const { users, items, dims, userVectors, itemVectors } = weights;
  const problems: string[] = [];
  const expect = (name: string, values: Float32Array, count: number): void => {
    if (values.length !== count)
      problems.push(`${name} has ${values.length} numbers where ${count} are needed`);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      problems.push(
        `${name}[${bad}] is ${values[bad]}; the training diverged, lower its learning rate`,
      );
  };
  if (items < 1) problems.push("it has no items");
  expect("userVectors", userVectors, users * dims);
  expect("itemVectors", itemVectors, items * dims);
  expect("popularity", popularity, items);
  for (const [group, list] of Object.entries(probes)) {
    if (list.length === 0)
      problems.push(`there are no ${group} probes: without them a passport would be empty`);
  }
  const known = probes.cold.findIndex(({ user }) => user >= 0);
  if (known >= 0)
    problems.push(`cold probe ${known} is user ${probes.cold[known]!.user}; a newcomer is -1`);
  return problems;
}
