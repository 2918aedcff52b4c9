import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const folder = new URL("../../helm/crossfade/files/rules/", import.meta.url);

/** Paths of all rule files. */
export const ruleFiles = readdirSync(folder).map((name) => fileURLToPath(new URL(name, folder)));

export interface Rule {
  readonly expr: string;
  /** The series that it makes. */
  readonly record?: string;
  readonly alert?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

export const rules: readonly Rule[] = ruleFiles.flatMap((file) =>
  (parse(readFileSync(file, "utf8")) as RuleFile).groups.flatMap((group) => group.rules),
);

export const alerts = rules.filter((rule): rule is Rule & { alert: string } => "alert" in rule);
