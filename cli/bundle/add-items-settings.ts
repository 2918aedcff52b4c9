import type { ConfigOf, Schema } from "../../server/config/schema.ts";
import { optional, path, set, whole } from "../../server/config/setting.ts";
import { outBroken } from "../bundle-folder.ts";

const settings = {
  bundle: optional(path, "folder of a bundle of a cold-start model; it stays as it is"),
  items: optional(path, "table of the items to add, tab-separated: id, title and artist"),
  out: optional(path, "folder of the new bundle, MODELS/MODEL/VERSION; must not be there yet"),
  probes: set(
    whole({ min: 1, max: 1_000_000 }),
    10_000,
    "playlists, at most, that every form is measured on; fewer are faster, and say less",
  ),
};

export type AddItemsConfig = ConfigOf<typeof settings>;

export const addItemsSchema: Schema<typeof settings> = {
  settings,
  rulesBroken: ({ bundle, items, out }) => [
    ...(bundle === undefined ? ["nothing to add to: give --bundle"] : []),
    ...(items === undefined ? ["nothing to add: give --items"] : []),
    ...outBroken(out),
  ],
};
