import type { IdType } from "../../models/catalogue/id-rules.ts";
import type { ModelVersion } from "../../proto/gen/crossfade/v1/recommender.ts";

/** What a gateway must know of the models behind it. */
export interface HttpModels {
  /** As ListModels answers. */
  list(): readonly ModelVersion[];
  /** Of any version when it is ""; undefined for what is not there. */
  idType(model: string, version: string): IdType | undefined;
}
