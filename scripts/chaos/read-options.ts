import { parseArgs } from "node:util";
import { formatTable } from "../bench/table.ts";
import { allScenarios as scenarios } from "./all-scenarios.ts";
import type { Scenario } from "./scenarios.ts";

export interface Chosen {
  readonly scenarios: readonly Scenario[];
  readonly withOverload: boolean;
}

export interface ChaosOptions {
  readonly chosen: Chosen;
  readonly perSecond: number;
  /** Of each scenario. */
  readonly forMs: number;
}

const overload = "overload";
const aboutOverload = "twice the calls that a model of 5 ms for each can answer";

const help = `Calls go on, and none fails, while what answers them is killed, hangs, restarts, slows down and breaks: with real processes.

  npm run chaos                            every scenario
  npm run chaos -- --only kill,hang        some of them
  npm run chaos -- --seconds N --rate N    of each scenario (default 60), calls per second (default 300)

${formatTable(
  ["scenario", ""],
  [...scenarios.map(({ name, about }) => [name, about]), [overload, aboutOverload]],
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
  if (only === undefined) return { scenarios, withOverload: true };
  const names = only.split(",");
  const chosen = names.filter((name) => name !== overload).map(scenarioOf);
  return { scenarios: chosen, withOverload: names.includes(overload) };
}

function scenarioOf(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`--only names ${name}, which is no scenario`);
  return found;
}

function positive(flag: string, given: string): number {
  const value = Number(given);
  if (value > 0) return value;
  throw new Error(`--${flag} is ${given}; it must be a number above 0`);
}
