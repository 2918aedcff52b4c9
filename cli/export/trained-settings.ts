import { variantNames, type VariantName } from "../../models/bundle/manifest.ts";
import type { ConfigOf, Schema } from "../../server/config/schema.ts";
import { choice, optional, path, set, whole, type Kind } from "../../server/config/setting.ts";
import { outBroken } from "../bundle-folder.ts";

export const variantList: Kind<readonly VariantName[]> = {
  allowed: `names out of ${variantNames.join(",")}, with commas`,
  format: (names) => names.join(","),
  parse(raw) {
    const names = typeof raw === "string" ? raw.split(",") : [];
    const known = variantNames.filter((name) => names.includes(name));
    return known.length === names.length && names.length > 0 ? known : undefined;
  },
};

const settings = {
  trained: optional(path, "folder that scripts/train wrote"),
  out: optional(path, "folder of the bundle, MODELS/MODEL/VERSION; must not be there yet"),
  variants: set(
    variantList,
    variantNames,
    "forms to write; fp32 is always among them, since the others are judged against it",
  ),
  idType: set(
    choice(["auto", "string", "int"]),
    "auto",
    "whether ids are numbers in JSON; auto: when all of them are",
  ),
  probes: set(
    whole({ min: 1, max: 1_000_000 }),
    10_000,
    "users or playlists, at most, that every form is measured on; fewer are faster, and say less",
  ),
};

export type TrainedConfig = ConfigOf<typeof settings>;

export const trainedSchema: Schema<typeof settings> = {
  settings,
  rulesBroken: ({ trained, out }) => [
    ...(trained === undefined ? ["nothing to export: give --trained"] : []),
    ...outBroken(out),
  ],
};
