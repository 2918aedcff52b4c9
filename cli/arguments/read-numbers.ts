import type { Flag, Given } from "./flag.ts";
import { wrong } from "./wrong.ts";

/** A whole number; undefined: not given. */
export function readCount(
  given: Given,
  flag: Flag,
  [least, most]: readonly [least: number, most: number],
): number | undefined {
  const text = given.value(flag);
  if (text === undefined) return undefined;
  const count = Number(text);
  if (/^-?\d+$/.test(text) && count >= least && count <= most) return count;
  throw wrong(`${flag.name} is "${text}"; it must be a whole number from ${least} to ${most}`);
}

/** Of 10,000, from a percentage; undefined: not given. */
export function readShare(given: Given, flag: Flag): number | undefined {
  const text = given.value(flag);
  if (text === undefined) return undefined;
  const basisPoints = parsePercentage(text);
  if (basisPoints !== undefined) return basisPoints;
  throw wrong(`${flag.name} is "${text}"; it must be a percentage up to 100%, e.g. 5%`);
}

/** 50 of "0.5%". */
export function parsePercentage(text: string): number | undefined {
  const [, percent] = /^(\d+(?:\.\d{1,2})?)%$/.exec(text) ?? [];
  if (percent === undefined || Number(percent) > 100) return undefined;
  return Math.round(100 * Number(percent));
}
