import type { Shape } from "../../bundle/shape.ts";

export const flag: Shape<boolean> = (value, at, problems) => {
  if (typeof value !== "boolean")
    problems.push(`${at}: must be true or false, got ${shown(value)}`);
  return value as boolean;
};

/** null counts as left out. */
export function nullable<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value, at, problems) =>
    value === null || value === undefined ? undefined : shape(value, at, problems);
}

/** Read by nobody. */
export const anything: Shape<unknown> = (value) => value;

/** One of several kinds of a thing, told by its `type`; others are refused by name. */
export function ofType<T>(kinds: Readonly<Record<string, Shape<T>>>): Shape<T> {
  return (value, at, problems) => {
    const type =
      typeof value === "object" && value !== null ? (value as { type?: unknown }).type : value;
    if (typeof type === "string" && Object.hasOwn(kinds, type))
      return kinds[type]!(value, at, problems);
    const known = Object.keys(kinds).join(" and ");
    problems.push(`${at}: only ${known} is understood, and it is ${shown(type)}`);
    return undefined as T;
  };
}

const shownChars = 60;

export function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "object" && value !== null)
    return Array.isArray(value) ? "a list" : "an object";
  const text = JSON.stringify(value);
  return text.length > shownChars ? `${text.slice(0, shownChars)}…` : text;
}
