import { parseDuration } from "../../router/rollout/duration-text.ts";
import type { Flag, Given } from "./flag.ts";
import { wrong } from "./wrong.ts";

/** Milliseconds; undefined: not given. */
export function readTime(given: Given, flag: Flag): number | undefined {
  const text = given.value(flag);
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  throw wrong(`${flag.name} is "${text}"; it must be a time like 500ms, 5s, 10m or 1h`);
}
