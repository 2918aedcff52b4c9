import type { Admin } from "./admin.ts";
import { wrong } from "../arguments/wrong.ts";

/** The model that is meant: the one that is named or, where there is only one, that one. */
export async function modelOf(names: readonly string[], admin: Admin): Promise<string> {
  const [name, ...others] = names;
  if (others.length > 0) throw wrong(`one model at a time: got ${names.join(", ")}`);
  if (name !== undefined) return name;
  const models = (await admin.list()).rollouts.map(({ model }) => model);
  if (models.length === 1) return models[0]!;
  throw wrong(
    models.length === 0
      ? "name the MODEL: none has a rollout yet"
      : `name the MODEL: there are ${models.join(", ")}`,
  );
}
