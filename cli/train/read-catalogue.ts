import type { CatalogueItem } from "../../models/catalogue/catalogue-item.ts";
import { idProblem, titleProblem, type IdType } from "../../models/catalogue/id-rules.ts";
import { idReader } from "../rows/id-field.ts";
import { readRows, type RowFile } from "../rows/read-rows.ts";

export interface Catalogue {
  readonly items: readonly CatalogueItem[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly idType: IdType;
}

interface Row extends CatalogueItem {
  readonly isNumber: boolean;
}

const readId = idReader("any");

/** Items in the order of the file. "auto": ids are numbers when all of them are. */
export async function readCatalogue(
  path: string,
  wanted: IdType | "auto",
  onProgress: (bytes: number) => void,
): Promise<Catalogue> {
  const items: CatalogueItem[] = [];
  const indexOf = new Map<string, number>();
  const lines: number[] = [];
  let isInt = true;
  const file: RowFile<Row> = {
    path,
    example: '{"id":"p1","title":"Songs to drive by"}; the title may be left out',
    read(fields, problems) {
      const id = readId(fields["id"], "id", problems);
      const title = typeof fields["title"] === "string" ? fields["title"] : "";
      if (title === "" && ![undefined, null, ""].includes(fields["title"] as ""))
        problems.push("title is no text");
      const first = indexOf.get(id);
      if (first !== undefined)
        problems.push(`id ${JSON.stringify(id)} is that of line ${lines[first]} already`);
      const problem =
        (wanted === "int" ? idProblem(id, "int") : undefined) ?? titleProblem(id, title);
      if (problem !== undefined) problems.push(problem);
      return { id, title, isNumber: typeof fields["id"] === "number" };
    },
  };
  for await (const [{ id, title, isNumber }, line] of readRows(file, onProgress)) {
    indexOf.set(id, items.length);
    lines.push(line);
    items.push({ id, title });
    isInt &&= isNumber;
  }
  if (items.length === 0) throw new Error(`${path} has no items`);
  const auto = isInt ? "int" : "string";
  return { items, indexOf, idType: wanted === "auto" ? auto : wanted };
}
