import type { Random } from "../../models/random.ts";
import { nearest } from "../../proto/nearest.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { createZipf } from "./zipf.ts";

/** A row of a data file: values by column. */
export type Row = Readonly<Record<string, unknown>>;

export interface Filling {
  readonly row: Row;
  /** Of the request, from 0. */
  readonly number: number;
  readonly random: Random;
}

/** A request with places to fill: any JSON, whose texts may hold `{{column}}` and `{{$generator arguments}}`. */
export interface Template {
  /** Whether all its requests are alike. */
  readonly isConstant: boolean;
  /** Whether chance has a part in it. */
  readonly isDrawn: boolean;
  render(filling: Filling): unknown;
}

type Draw = (filling: Filling) => unknown;

interface Generator {
  readonly usage: string;
  readonly arguments: readonly [least: number, most: number];
  make(args: readonly string[]): Draw;
}

const most = 2 ** 31;

const generators: Readonly<Record<string, Generator>> = {
  $i: { usage: "{{$i}}", arguments: [0, 0], make: () => (filling) => filling.number },
  $int: {
    usage: "{{$int 1 100}}",
    arguments: [2, 2],
    make(args) {
      const [low, high] = args.map(wholeNumber) as [number, number];
      if (low > high) throw refused(`$int ${args.join(" ")}: ${low} is above ${high}`);
      return ({ random }) => low + random.below(high - low + 1);
    },
  },
  $zipf: {
    usage: "{{$zipf 3000}} or {{$zipf 3000 1.1}}",
    arguments: [1, 2],
    make([count, exponent = "1"]) {
      const zipf = createZipf(wholeNumber(count!), Number(exponent));
      return ({ random }) => zipf(random);
    },
  },
  $pick: {
    usage: "{{$pick red green blue}}",
    arguments: [1, 1_000],
    make: (options) => (filling) => options[filling.random.below(options.length)]!,
  },
};

const place = /\{\{\s*([^{}]*?)\s*\}\}/g;
const wholePlace = /^\{\{\s*([^{}]*?)\s*\}\}$/;

/** @param columns Of the data file. Throws INVALID_ARGUMENT for a place that nothing fills. */
export function parseTemplate(json: unknown, columns: readonly string[] = []): Template {
  let places = 0;
  let isDrawn = false;

  function drawOf(inside: string): Draw {
    places++;
    if (!inside.startsWith("$")) return column(inside, columns);
    const [name = "", ...args] = inside.split(/\s+/);
    isDrawn ||= name !== "$i";
    return generator(name, args);
  }

  function compile(value: unknown): Draw {
    if (typeof value === "string") return compileText(value);
    if (Array.isArray(value)) {
      const parts = value.map(compile);
      return (filling) => parts.map((part) => part(filling));
    }
    if (typeof value !== "object" || value === null) return () => value;
    const fields = Object.entries(value).map(([key, part]) => [key, compile(part)] as const);
    return (filling) => Object.fromEntries(fields.map(([key, part]) => [key, part(filling)]));
  }

  /** A text that is one place becomes what fills it, whatever its type; others become texts. */
  function compileText(text: string): Draw {
    const whole = wholePlace.exec(text)?.[1];
    if (whole !== undefined) return drawOf(whole);
    const draws = Array.from(text.matchAll(place), ([, inside]) => drawOf(inside!));
    if (draws.length === 0) return () => text;
    return (filling) => {
      let next = 0;
      return text.replace(place, () => String(draws[next++]!(filling)));
    };
  }

  const render = compile(json);
  return { isConstant: places === 0, isDrawn, render };
}

function column(name: string, columns: readonly string[]): Draw {
  if (columns.includes(name)) return ({ row }) => row[name];
  const near = nearest(name, columns);
  const there = columns.length === 0 ? "there is no data file" : `there are ${columns.join(", ")}`;
  const hint = near === undefined ? there : `did you mean {{${near}}}?`;
  throw refused(`the data has no column ${JSON.stringify(name)}; ${hint}`);
}

function generator(name: string, args: readonly string[]): Draw {
  const found = Object.hasOwn(generators, name) ? generators[name] : undefined;
  if (found === undefined) {
    const usages = Object.values(generators).map(({ usage }) => usage);
    throw refused(`there is no generator ${name}; there are ${usages.join(", ")}`);
  }
  const [least, most] = found.arguments;
  if (args.length < least || args.length > most)
    throw refused(`${name} got ${args.length} arguments; write ${found.usage}`);
  return found.make(args);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && Math.abs(value) <= most) return value;
  throw refused(`${JSON.stringify(text)} is no whole number up to ${most}`);
}

function refused(problem: string): ServingError {
  return new ServingError("INVALID_ARGUMENT", `in the request template: ${problem}`);
}
