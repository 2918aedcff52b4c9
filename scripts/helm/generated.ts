import { readFileSync, writeFileSync } from "node:fs";
import { chart } from "./paths.ts";
import { chartReadme } from "./readme.ts";
import { valuesSchema } from "./values-schema.ts";

/** A file of the chart that is made of others. */
export interface Generated {
  /** In the chart's folder. */
  readonly name: string;
  readonly make: () => string;
}

const read = (name: string) => readFileSync(`${chart}/${name}`, "utf8");

/** What needs neither Helm nor Go to be made. The formatter has the last word on how it looks. */
export const generatedFiles: readonly Generated[] = [
  {
    name: "values.schema.json",
    make: () => `${JSON.stringify(valuesSchema, undefined, 1)}\n`,
  },
  {
    name: "README.md",
    make: () => chartReadme(read("README.md.in"), read("values.yaml")),
  },
];

/** Whether a file still says what it would be made to say; spaces aside, which are the formatter's. */
export function isCurrent({ name, make }: Generated): boolean {
  return bare(read(name)) === bare(make());
}

export function write({ name, make }: Generated): void {
  writeFileSync(`${chart}/${name}`, make());
}

function bare(text: string): string {
  return text.replaceAll(/[\s-]+/g, "");
}
