import { parseArgs } from "node:util";
import { nearest } from "../../proto/nearest.ts";
import { formatTable } from "../bench/table.ts";
import { allScenarios as scenarios } from "./all-scenarios.ts";
import { apart, type Apart } from "./apart.ts";
import type { Scenario } from "./scenarios.ts";

export interface Chosen {
  readonly scenarios: readonly Scenario[];
  readonly apart: readonly Apart[];
}

export interface ChaosOptions {
  readonly chosen: Chosen;
  readonly perSecond: number;
  /** Of each scenario. */
  readonly forMs: number;
}

const all = [...scenarios, ...apart];

const help = `Calls go on, and none fails, while what answers them is killed, hangs, restarts, slows down and breaks: with real processes.

  npm run chaos                            every scenario
  npm run chaos -- --only kill,hang        some of them
  npm run chaos -- --seconds N --rate N    of each scenario (default 60), calls per second (default 300)

${formatTable(
  ["scenario", ""],
  all.map(({ name, about }) => [name, about]),
)}
`;

/** Undefined after `--help` was printed or a flag was wrong, which sets the exit code. */
export function readOptions(args: string[]): ChaosOptions | undefined {
  try {
    const text = { type: "string" } as const;
    const options = { only: text, seconds: text, rate: text, help: { type: "boolean" } } as const;
    const { values } = parseArgs({ args, options });
    if (values.help === true) {
      process.stdout.write(help);
      return undefined;
    }
    const { only, seconds = "60", rate = "300" } = values;
    return {
      chosen: chosenBy(only),
      perSecond: positive("rate", rate),
      forMs: 1_000 * positive("seconds", seconds),
    };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`);
    process.exitCode = 2;
    return undefined;
  }
}

function chosenBy(only: string | undefined): Chosen {
  if (only === undefined) return { scenarios, apart };
  const names = only.split(",");
  for (const name of names) assertName(name);
  return {
    scenarios: scenarios.filter(({ name }) => names.includes(name)),
    apart: apart.filter(({ name }) => names.includes(name)),
  };
}

function assertName(name: string): void {
  const known = all.map((one) => one.name);
  if (known.includes(name)) return;
  const near = nearest(name, known);
  const hint = near === undefined ? `there are ${known.join(", ")}` : `did you mean ${near}?`;
  throw new Error(`--only names ${name}, which is no scenario; ${hint}`);
}

function positive(flag: string, given: string): number {
  const value = Number(given);
  if (value > 0) return value;
  throw new Error(`--${flag} is ${given}; it must be a number above 0`);
}
