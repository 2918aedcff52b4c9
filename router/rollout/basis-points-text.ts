import { bucketCount } from "../bucket.ts";

/** What `parseBasisPoints` takes, for messages. */
export const basisPointsAllowed = `from 0bp to ${bucketCount}bp, or a percentage like 2.5%`;

/**
 * Basis points of "250bp" or "2.5%"; undefined for anything else. A bare number is refused: 5 may be meant as 5% or as
 * 0.05%. So is a percentage that is no whole number of basis points.
 */
export function parseBasisPoints(text: string): number | undefined {
  const [, whole, fraction = "", unit] = /^(\d{1,5})(?:\.(\d{1,6}))?(bp|%)$/.exec(text) ?? [];
  if (whole === undefined || (unit === "bp" && fraction !== "")) return undefined;
  const digits = fraction.replace(/0+$/, "");
  if (digits.length > 2) return undefined;
  const points = unit === "bp" ? Number(whole) : Number(whole + digits.padEnd(2, "0"));
  return points <= bucketCount ? points : undefined;
}

export function formatBasisPoints(points: number): string {
  return `${points}bp`;
}
