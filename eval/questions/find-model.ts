import { nearest } from "../../proto/nearest.ts";
import type { ModelVersion } from "../../proto/gen/crossfade/v1/recommender.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { Side } from "./question.ts";
import type { Service } from "./service.ts";

/** What the server says of the model that is asked. */
export interface FoundModel {
  readonly family: string;
  /** Of the version that answers by default where none was asked for. */
  readonly variant: string;
  readonly itemCount: number;
}

/** Throws NOT_FOUND, with what there is, before a thousand calls fail of the same. */
export async function findModel(
  service: Service,
  { target, model, version }: Side,
  signal: AbortSignal,
): Promise<FoundModel> {
  const all = await service.listModels(signal);
  const versions = all.filter((one) => one.model === model);
  if (versions.length === 0) throw noModel(model, target, all);
  const wanted = versions.filter((one) => one.version === version);
  if (version !== "" && wanted.length === 0)
    throw new ServingError(
      "NOT_FOUND",
      `${target} has no version "${version}" of ${model}; there is ${versions.map((one) => one.version).join(", ")}`,
    );
  const asked = wanted[0] ?? versions.find(({ isDefault }) => isDefault) ?? versions[0]!;
  if (!asked.ready)
    throw new ServingError("UNAVAILABLE", `${target} does not answer for ${model} yet`);
  const { family, variant, itemCount } = asked;
  return { family, variant, itemCount };
}

function noModel(model: string, target: string, all: readonly ModelVersion[]): ServingError {
  const names = [...new Set(all.map((one) => one.model))];
  const meant = nearest(model, names);
  const hint =
    meant === undefined ? `there is ${names.join(", ") || "none"}` : `did you mean ${meant}?`;
  return new ServingError("NOT_FOUND", `${target} has no model "${model}"; ${hint}`);
}
