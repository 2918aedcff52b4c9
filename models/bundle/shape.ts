/** Reads one value that came from JSON; what is wrong with it goes to `problems`, and the result then means nothing. */
export type Shape<T> = (value: unknown, at: string, problems: string[]) => T;

export interface TextRule {
  readonly pattern: RegExp;
  /** What the pattern allows, in words, for the message. */
  readonly allowed: string;
}

export interface NumberRule {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

const shownChars = 80;

function show(value: unknown): string {
  const text = value === undefined ? "nothing" : inJson(value);
  return text.length > shownChars ? `${text.slice(0, shownChars)}…` : text;
}

/** What JSON.parse can read may be nested too deeply for JSON.stringify, which calls itself. */
function inJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "something nested too deeply";
  }
}

function under(at: string, key: string): string {
  return at === "" ? key : `${at}.${key}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function text(rule: TextRule): Shape<string> {
  return (value, at, problems) => {
    const fits = typeof value === "string" && rule.pattern.test(value);
    if (!fits) problems.push(`${at}: must be ${rule.allowed}, got ${show(value)}`);
    return value as string;
  };
}

export function number(rule: NumberRule): Shape<number> {
  const kind = rule.whole === true ? "a whole number" : "a number";
  return (value, at, problems) => {
    const fits = typeof value === "number" && value >= rule.min && value <= rule.max;
    if (!fits || (rule.whole === true && !Number.isSafeInteger(value))) {
      problems.push(`${at}: must be ${kind} from ${rule.min} to ${rule.max}, got ${show(value)}`);
    }
    return value as number;
  };
}

export function oneOf<T extends string>(choices: readonly T[]): Shape<T> {
  return (value, at, problems) => {
    if (!choices.includes(value as T))
      problems.push(`${at}: must be one of ${choices.join(", ")}, got ${show(value)}`);
    return value as T;
  };
}

export function list<T>(element: Shape<T>, maxLength: number): Shape<readonly T[]> {
  return (value, at, problems) => {
    if (!Array.isArray(value) || value.length > maxLength) {
      problems.push(`${at}: must be a list of at most ${maxLength}, got ${show(value)}`);
      return [];
    }
    return value.map((entry, index) => element(entry, `${at}[${index}]`, problems));
  };
}

/** Any JSON object: whoever the settings belong to checks them. */
export const anyObject: Shape<Readonly<Record<string, unknown>>> = (value, at, problems) => {
  if (isObject(value)) return value;
  problems.push(`${at}: must be an object, got ${show(value)}`);
  return {};
};

/** For a key that may be left out of an object. */
export function optional<T>(shape: Shape<T>): Shape<T> {
  return (value, at, problems) =>
    value === undefined ? (undefined as T) : shape(value, at, problems);
}

/** Exactly these keys: one that is missing or unknown is a problem. */
export function object<T extends object>(fields: {
  readonly [K in keyof T]-?: Shape<T[K]>;
}): Shape<T> {
  const known = Object.keys(fields) as (keyof T & string)[];
  return (value, at, problems) => {
    if (!isObject(value)) {
      problems.push(`${at === "" ? "the file" : at}: must be an object, got ${show(value)}`);
      return {} as T;
    }
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(fields, key))
        problems.push(`${under(at, key)}: is not known; known are ${known.join(", ")}`);
    }
    const entries = known.map((key) => [key, fields[key](value[key], under(at, key), problems)]);
    return Object.fromEntries(entries.filter(([, read]) => read !== undefined)) as T;
  };
}

/** An object whose key `kind` says what else it has. */
export function ofKind<T extends { readonly kind: string }>(shapes: {
  readonly [Kind in T["kind"]]: Shape<Extract<T, { readonly kind: Kind }>>;
}): Shape<T> {
  const kinds = Object.keys(shapes) as T["kind"][];
  return (value, at, problems) => {
    const { kind } = anyObject(value, at, problems);
    if (!isObject(value)) return {} as T;
    const known = oneOf(kinds)(kind, under(at, "kind"), problems);
    return kinds.includes(known) ? shapes[known](value, at, problems) : (value as unknown as T);
  };
}

export interface TableRule {
  readonly key: TextRule;
  /** Default 1. */
  readonly minEntries?: number;
  readonly maxEntries: number;
}

/** An object whose keys are names of the writer's choice. */
export function table<T>(rule: TableRule, element: Shape<T>): Shape<Readonly<Record<string, T>>> {
  const { minEntries = 1, maxEntries } = rule;
  return (value, at, problems) => {
    const keys = isObject(value) ? Object.keys(value) : [];
    if (!isObject(value) || keys.length < minEntries || keys.length > maxEntries) {
      problems.push(
        `${at}: must be an object with ${minEntries} to ${maxEntries} entries, got ${show(value)}`,
      );
      return {};
    }
    for (const key of keys) {
      if (!rule.key.pattern.test(key))
        problems.push(`${at}: the name ${show(key)} must be ${rule.key.allowed}`);
    }
    return Object.fromEntries(
      keys.map((key) => [key, element(value[key], under(at, key), problems)]),
    );
  };
}
