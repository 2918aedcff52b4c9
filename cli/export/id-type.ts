import { idProblem, type IdType } from "../../models/catalogue/id-rules.ts";

/** "int" where every id is a number; asked for, ids that are none are an error. */
export function idTypeOf(ids: Iterable<string>, wanted: IdType | "auto"): IdType {
  if (wanted === "string") return wanted;
  for (const id of ids) {
    if (idProblem(id, "int") === undefined) continue;
    if (wanted === "auto") return "string";
    throw new Error(`--id-type is int, and ${JSON.stringify(id)} is no number`);
  }
  return "int";
}
