import { namePattern, variantNames, type VariantName } from "../../models/bundle/manifest.ts";
import type { ConfigOf, Schema } from "../../server/config/schema.ts";
import {
  choice,
  optional,
  path,
  set,
  text,
  whole,
  type Kind,
} from "../../server/config/setting.ts";

const variantList: Kind<readonly VariantName[]> = {
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
  output: set(path, "bundles", "folder of models; the bundle becomes OUTPUT/MODEL/VERSION"),
  model: optional(text("a name"), "what requests call the model"),
  version: optional(text("a name"), "of this model; it must not be there yet"),
  variants: set(
    variantList,
    variantNames,
    "forms to write; fp32 is always among them, since the others are judged against it",
  ),
  idType: set(
    choice(["auto", "string", "int"]),
    "auto",
    "whether ids are numbers in JSON; auto: when all items and users are",
  ),
  probes: set(
    whole({ min: 1, max: 1_000_000 }),
    10_000,
    "users, at most, that every form is measured on; fewer are faster, and say less",
  ),
};

export type SequenceConfig = ConfigOf<typeof settings>;

export const sequenceSchema: Schema<typeof settings> = {
  settings,
  rulesBroken: ({ trained, model, version }) => [
    ...(trained === undefined ? ["nothing to export: give --trained"] : []),
    ...nameBroken("model", model),
    ...nameBroken("version", version),
  ],
};

function nameBroken(flag: string, name: string | undefined): readonly string[] {
  if (name === undefined) return [`--${flag} is needed`];
  if (namePattern.test(name)) return [];
  return [`--${flag} is "${name}"; it must be 1 to 64 letters, digits and . _ -`];
}
