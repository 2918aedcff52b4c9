import type { Random } from "../../models/random.ts";
import { neighbourOf, pick, sisterOf, styles } from "./styles.ts";
import type { Style } from "./styles.ts";

/** How often somebody goes for a style; the shares of one listener add up to 1. */
export interface Taste {
  readonly style: Style;
  readonly share: number;
}

/** Mostly one genre, some of a related one, and one surprise. */
export function drawTastes(main: Style, random: Random): readonly Taste[] {
  return [
    { style: main, share: 0.5 },
    { style: sisterOf(main, random), share: 0.25 },
    { style: neighbourOf(main, random), share: 0.17 },
    { style: pick(styles, random), share: 0.08 },
  ];
}

export function drawStyle(tastes: readonly Taste[], random: Random): Style {
  let left = random.share();
  for (const { style, share } of tastes) {
    left -= share;
    if (left < 0) return style;
  }
  return tastes[0]!.style;
}
