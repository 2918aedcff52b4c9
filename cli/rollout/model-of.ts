import { ServingError } from "../../proto/serving-error.ts";
import type { Admin } from "./admin.ts";
import { wrong } from "../arguments/wrong.ts";
import { noRollouts } from "./no-rollouts.ts";

/** The model that is meant: the one that is named or, where there is only one, that one. */
export async function modelOf(names: readonly string[], admin: Admin): Promise<string> {
  const [name, ...others] = names;
  if (others.length > 0) throw wrong(`one model at a time: got ${names.join(", ")}`);
  if (name !== undefined) return name;
  const models = (await admin.list()).rollouts.map(({ model }) => model);
  if (models.length === 1) return models[0]!;
  if (models.length === 0) throw new ServingError("NOT_FOUND", noRollouts);
  throw wrong(`name the MODEL: there are ${models.join(", ")}`);
}
