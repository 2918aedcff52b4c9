import { parseArgs } from "node:util";

export interface NumberFlag {
  readonly standard: number;
  readonly help: string;
}

/**
 * The numbers that a benchmark was given, complete; undefined after `--help` was printed or a flag was wrong, which sets
 * the exit code.
 */
export function readFlags<Name extends string>(
  args: string[],
  about: string,
  flags: Readonly<Record<Name, NumberFlag>>,
): Readonly<Record<Name, number>> | undefined {
  const names = Object.keys(flags) as Name[];
  const text = names.map((name) => [name, { type: "string" }] as const);
  try {
    const options = { ...Object.fromEntries(text), help: { type: "boolean" as const } };
    const values: Readonly<Record<string, unknown>> = parseArgs({ args, options }).values;
    if (values["help"] === true) {
      console.log(helpOf(about, flags));
      return undefined;
    }
    const numbers = names.map((name) => [name, numberOf(name, values[name], flags[name])] as const);
    return Object.fromEntries(numbers) as Record<Name, number>;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${helpOf(about, flags)}`);
    process.exitCode = 2;
    return undefined;
  }
}

function numberOf(name: string, given: unknown, { standard }: NumberFlag): number {
  const value = given === undefined ? standard : Number(given);
  if (value > 0) return value;
  throw new Error(`--${name} is ${String(given)}; it must be a number above 0`);
}

function helpOf(about: string, flags: Readonly<Record<string, NumberFlag>>): string {
  const lines = Object.entries(flags).map(
    ([name, { standard, help }]) => `  --${name.padEnd(14)}${help} (default ${standard})`,
  );
  return [about, "", ...lines].join("\n");
}
