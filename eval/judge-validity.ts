import type { Part } from "./protocols/part.ts";
import { describeCounts, total } from "./questions/labels.ts";
import type { EvalResult, SideFacts } from "./result.ts";

/** Beyond this share of replies, ids that the model does not know are no accident. */
const manyUnknown = 0.05;

/** A figure must be of one model, at its best, for every user it was asked about. */
export function judgeValidity(
  sides: readonly SideFacts[],
  parts: readonly Part[],
): Pick<EvalResult, "invalid" | "warnings"> {
  const empty = parts.filter(({ trials }) => trials.length === 0);
  const isEmpty = empty.length === parts.length;
  return {
    invalid: [...(isEmpty ? ["nobody was asked"] : []), ...sides.flatMap(faultsOf)],
    warnings: [
      ...(isEmpty || empty.length === 0
        ? []
        : [`nobody was asked for ${empty.map(({ key }) => key).join(", ")}`]),
      ...sides.flatMap(warningsOf),
    ],
  };
}

function faultsOf({ name, labels }: SideFacts): readonly string[] {
  const { calls, failed, degraded, spilled, versions } = labels;
  const [failures, less] = [total(failed), total(degraded)];
  return [
    ...(failures > 0
      ? [`${name}: ${failures} of ${calls} calls failed: ${describeCounts(failed)}`]
      : []),
    ...(less > 0
      ? [`${name}: ${less} of ${calls} replies are degraded: ${describeCounts(degraded)}`]
      : []),
    ...(spilled > 0
      ? [`${name}: ${spilled} of ${calls} replies came from another arm than the user's`]
      : []),
    ...(Object.keys(versions).length > 1
      ? [
          `${name}: several versions answered, so that the figures are of none: ${describeCounts(versions)}`,
        ]
      : []),
  ];
}

function warningsOf({ name, labels }: SideFacts): readonly string[] {
  const { calls, backends, withUnknownIds, unknownIds } = labels;
  return [
    ...(Object.keys(backends).length > 1
      ? [`${name}: several backends answered: ${describeCounts(backends)}`]
      : []),
    ...(withUnknownIds > manyUnknown * calls
      ? [
          `${name}: the model does not know ${unknownIds} of the ids it was sent, in ${withUnknownIds} of ${calls} calls: is it a model of this data?`,
        ]
      : []),
  ];
}
