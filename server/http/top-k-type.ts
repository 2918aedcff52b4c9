import type { RequestLimits } from "../../proto/request-limits.ts";
import { int32, type Readable } from "./json/readable.ts";

export function topKType({ maxTopK }: RequestLimits): Readable<number> {
  return {
    ...int32,
    schema: { ...int32.schema, minimum: 1, maximum: maxTopK, description: "Default 10." },
  };
}
