import { idProblem, type IdType } from "../../models/catalogue/id-rules.ts";

/** Reads an id: text, or a whole number. */
export type ReadId = (value: unknown, name: string, problems: string[]) => string;

/** @param idType "any": what the ids are is not settled yet. */
export function idReader(idType: IdType | "any"): ReadId {
  return (value, name, problems) => {
    const isId = typeof value === "string" || Number.isSafeInteger(value);
    const id = isId ? String(value) : "";
    if (value === undefined) problems.push(`${name} is missing`);
    else if (!isId) problems.push(`${name} is ${shown(value)}, not text or a whole number`);
    else {
      const problem = idProblem(id, idType === "any" ? "string" : idType);
      if (problem !== undefined) problems.push(`${name}: ${problem}`);
    }
    return id;
  };
}

export function idList(
  readId: ReadId,
): (value: unknown, name: string, problems: string[]) => string[] {
  return (value, name, problems) => {
    if (Array.isArray(value)) return value.map((one, i) => readId(one, `${name}[${i}]`, problems));
    problems.push(
      value === undefined ? `${name} is missing` : `${name} is ${shown(value)}, not a list`,
    );
    return [];
  };
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 40);
}
