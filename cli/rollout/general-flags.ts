import { outputFlag } from "./output.ts";
import type { Flag } from "../arguments/flag.ts";

export const timeoutFlag: Flag = {
  name: "--timeout",
  value: "TIME",
  help: "for each answer of the admin API (default 10s)",
};

/** What every verb takes. */
export const generalFlags = [outputFlag, timeoutFlag] as const;
