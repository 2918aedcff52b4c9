import { formatBytes, formatDuration, parseBytes, parseDuration } from "./units.ts";

/** How a setting is read, checked and shown. */
export interface Kind<Value> {
  /** The value, or undefined for what is none. Text comes from flags and the environment, the rest from JSON. */
  parse(raw: unknown): Value | undefined;
  /** What is allowed, for help and complaints, e.g. "a duration from 100ms to 1h". */
  readonly allowed: string;
  format(value: Value): string;
}

/** One thing that can be configured. */
export interface Setting<Value> {
  readonly kind: Kind<Value>;
  /** Absent: the setting may stay unset. */
  readonly standard?: Value;
  readonly help: string;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

export function whole(range: Range): Kind<number> {
  return quantity("a whole number", range, { parse: parseWhole, format: String });
}

/** With or without a fraction. */
export function decimal({ min, max }: Range): Kind<number> {
  return {
    allowed: `a number from ${min} to ${max}`,
    format: String,
    parse(raw) {
      const isText = typeof raw === "string" && /^\d+(\.\d+)?(e-?\d+)?$/i.test(raw);
      const value = isText ? Number(raw) : raw;
      return typeof value === "number" && value >= min && value <= max ? value : undefined;
    },
  };
}

export function duration(range: Range): Kind<number> {
  return quantity("a duration", range, { parse: parseDuration, format: formatDuration });
}

export function bytes(range: Range): Kind<number> {
  return quantity("a size", range, { parse: parseBytes, format: formatBytes });
}

function parseWhole(digits: string): number | undefined {
  return /^\d+$/.test(digits) ? Number(digits) : undefined;
}

interface Notation {
  readonly parse: (text: string) => number | undefined;
  readonly format: (value: number) => string;
}

function quantity(what: string, { min, max }: Range, { parse, format }: Notation): Kind<number> {
  return {
    allowed: `${what} from ${format(min)} to ${format(max)}`,
    format,
    parse(raw) {
      const value = typeof raw === "string" ? parse(raw) : raw;
      const isInside =
        Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
      return isInside ? (value as number) : undefined;
    },
  };
}

export function text(allowed: string): Kind<string> {
  return {
    allowed,
    format: (value) => value,
    parse: (raw) =>
      typeof raw === "string" && raw !== "" && !raw.includes("\0") ? raw : undefined,
  };
}

export function choice<const Option extends string>(options: readonly Option[]): Kind<Option> {
  return {
    allowed: `one of ${options.join(", ")}`,
    format: (value) => value,
    parse: (raw) => options.find((option) => option === raw),
  };
}

/** What another kind reads, or a word that stands for none. */
export function orWord<Value, const Word extends string>(
  word: Word,
  kind: Kind<Value>,
): Kind<Value | Word> {
  return {
    allowed: `${kind.allowed}, or ${word}`,
    format: (value) => (value === word ? word : kind.format(value as Value)),
    parse: (raw) => (raw === word ? word : kind.parse(raw)),
  };
}

export const port = whole({ min: 0, max: 65_535 });
export const path = text("a path");
export const cap = whole({ min: 1, max: 1_000_000 });
export const shortTime = duration({ min: 1, max: 3_600_000 });
export const waitingTime = duration({ min: 0, max: 3_600_000 });

/** A setting with a default. */
export function set<Value>(kind: Kind<Value>, standard: Value, help: string) {
  return { kind, standard, help };
}

/** A setting that may stay unset. */
export function optional<Value>(kind: Kind<Value>, help: string) {
  return { kind, help };
}
