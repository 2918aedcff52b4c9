import type { OpenFamily } from "./open-family.ts";
import { openTwoTower } from "./two-tower/open.ts";

/** Every kind of model that this build can serve, by the name that manifests use. */
export const families: Readonly<Record<string, OpenFamily>> = {
  "two-tower": openTwoTower,
};
