import { ServingError } from "../proto/serving-error.ts";
import { bucketCount } from "./bucket.ts";
import type { Distribution } from "./distribution.ts";
import { reweigh } from "./reweigh.ts";

/** How long an arm can be lowered. */
export const longestLoweredMs = 24 * 3_600_000;

/** Part of a weight that a router leaves to the stable arm until a time. */
export interface Lowered {
  readonly arm: string;
  /** In basis points: at most that. */
  readonly weight: number;
  /** Milliseconds since 1970. */
  readonly untilMs: number;
  readonly by: string;
  readonly reason: string;
}

/**
 * The document with what is left of the lowered arm; the stable arm has the rest. As with `abort`, users on the arm's list
 * and its shadow copies go as well: an arm that burns has at most so much of all. Undefined: there is nothing to lower,
 * since the document gives the arm no more than that, or has no such arm but the stable one.
 */
export function lowerDistribution(
  document: Distribution,
  { arm: name, weight }: Pick<Lowered, "arm" | "weight">,
): Distribution | undefined {
  const [stable, ...others] = document.arms;
  const arm = others.find((other) => other.name === name);
  const { killSwitch, ...rest } = document;
  const isOnly = killSwitch === name;
  if (arm === undefined || (arm.weight <= weight && !isOnly && !isBesides(document, weight, name)))
    return undefined;
  const left = Math.min(weight, arm.weight);
  const weights = { [name]: left, [stable!.name]: stable!.weight + arm.weight - left };
  const lowered = { ...withoutLists(rest, name), arms: reweigh(document, weights) };
  return killSwitch === undefined || isOnly ? lowered : { ...lowered, killSwitch };
}

/** An arm that is to have nothing gets queries besides those of its buckets. */
function isBesides({ users = {}, shadow }: Distribution, weight: number, name: string): boolean {
  return weight === 0 && (shadow?.arm === name || Object.values(users).includes(name));
}

function withoutLists({ users = {}, shadow, ...others }: Distribution, name: string): Distribution {
  const left = Object.entries(users).filter(([, arm]) => arm !== name);
  return {
    ...others,
    ...(left.length > 0 && { users: Object.fromEntries(left) }),
    ...(shadow !== undefined && shadow.arm !== name && { shadow }),
  };
}

/** Throws what `Router.lower` says of it. */
export function assertLowerable(
  document: Distribution,
  { arm: name, weight, untilMs }: Lowered,
  nowMs: number,
): void {
  const [stable, ...others] = document.arms;
  if (others.length === 0)
    throw invalid(`there is no arm ${name} to lower: ${document.model} has only ${stable!.name}`);
  const names = others.map((other) => other.name).join(", ");
  if (name === stable!.name)
    throw invalid(`${name} is the stable arm, which takes what others lose; lower one of ${names}`);
  const arm = others.find((other) => other.name === name);
  if (arm === undefined) throw invalid(`there is no arm ${name} to lower; there are ${names}`);
  if (!Number.isInteger(weight) || weight < 0 || weight > bucketCount)
    throw invalid(`the weight must be from 0 to ${bucketCount} basis points, got ${weight}`);
  if (weight < bucketCount && lowerDistribution(document, { arm: name, weight }) === undefined)
    throw invalid(
      weight === arm.weight
        ? `${name} has ${weight}bp already; there is nothing to lower`
        : `${name} has ${arm.weight}bp; it can only be lowered, not set to ${weight}bp`,
    );
  if (untilMs - nowMs > longestLoweredMs)
    throw invalid("an arm can be lowered for at most 24 hours; set its weight for longer");
}

function invalid(why: string): ServingError {
  return new ServingError("INVALID_ARGUMENT", why);
}
