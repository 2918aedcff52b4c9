import { ServingError } from "../../proto/serving-error.ts";
import { bucketCount } from "../bucket.ts";
import type { Distribution } from "../distribution.ts";

/** With the stable arm's weight, if it is not named: what the others leave. */
export function completeWeights(
  { arms }: Pick<Distribution, "arms">,
  weights: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const [stable, ...others] = arms;
  if (stable === undefined || Object.hasOwn(weights, stable.name)) return weights;
  const wanted = others.map(({ name, weight }) =>
    Object.hasOwn(weights, name) ? weights[name]! : weight,
  );
  const left = bucketCount - wanted.reduce((sum, weight) => sum + weight, 0);
  // Not below 0: an arm that asks for too much is told so itself.
  if (left >= 0) return { ...weights, [stable.name]: left };
  const each = others.map(({ name }, i) => `${name} ${wanted[i]}`).join(", ");
  if (wanted.some((weight) => weight > bucketCount)) return { ...weights, [stable.name]: 0 };
  throw new ServingError(
    "INVALID_ARGUMENT",
    `the weights sum to ${bucketCount - left} (${each}); at most ${bucketCount} without ${stable.name}`,
  );
}
