import type { OpenFamily } from "./open-family.ts";
import { openColdStart } from "./cold-start/open.ts";
import { openSequence } from "./sequence/open.ts";
import { openTwoTower } from "./two-tower/open.ts";

/** Every kind of model that this build can serve, by the name that manifests use. */
export const families: Readonly<Record<string, OpenFamily>> = {
  "cold-start": openColdStart,
  sequence: openSequence,
  "two-tower": openTwoTower,
};
