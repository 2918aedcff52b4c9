import { Phase, StoreState } from "../../proto/gen/crossfade/admin/v1/rollouts.ts";

const namesOf = (values: Readonly<Record<string, number>>) =>
  new Map(Object.entries(values).map(([name, value]) => [value, name.toLowerCase()]));
const phases = namesOf(Phase);
const stores = namesOf(StoreState);

/**
 * A reply of the admin API as JSON and YAML show it: enumerations by name, the distribution as itself and not as a text in
 * a text, nothing that is not there. `apply -f` takes what `get -o json` printed.
 */
export function plainOf(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plainOf);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries.map(([name, field]) => plainField(name, field)));
}

function plainField(name: string, field: unknown): readonly [string, unknown] {
  if (name === "phase") return [name, phases.get(field as number) ?? field];
  if (name === "store") return [name, stores.get(field as number) ?? field];
  if (name === "distributionJson") return ["distribution", JSON.parse(field as string) as unknown];
  return [name, plainOf(field)];
}
