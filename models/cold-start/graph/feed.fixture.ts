import { createGramTower } from "../gram-tower.ts";
import { encodeRows, type EncodedRow } from "../encode-rows.ts";
import { laneFor, type Lane } from "../lane.ts";
import type { TextLists } from "../texts.ts";
import type { ColdStartShape } from "../shape.ts";
import type { Tensors } from "../../tensors.ts";
import type { Asked, Names } from "./reference.fixture.ts";

export interface Wanted {
  readonly candidates?: readonly number[];
  readonly fetch: number;
  /** Other lengths than the row's own. */
  readonly lane?: Partial<Lane>;
}

export function rowOf(asked: Asked, shape: ColdStartShape, { candidates, fetch, lane }: Wanted) {
  const tower = createGramTower(gramsOf(shape));
  const texts = textsOf(asked.fresh);
  const own = laneFor(
    {
      known: asked.known.length,
      fresh: texts.count,
      longest: texts.longest,
      candidateCount: candidates?.length ?? 0,
      wanted: fetch,
    },
    { tower, itemCount: shape.items },
  );
  return {
    known: Int32Array.from(asked.known),
    texts,
    candidates: candidates && Int32Array.from(candidates),
    shape: { ...own, fetch, ...lane },
  };
}

export function feedsOf(rows: readonly EncodedRow[], shape: ColdStartShape): Tensors {
  return encodeRows(rows, { tower: createGramTower(gramsOf(shape)), itemCount: shape.items });
}

/** In the order in which they come. */
function textsOf(fresh: readonly Names[]): TextLists {
  const lists = fresh.flatMap(({ title, artist }) => [title, artist]);
  let end = 0;
  return {
    count: fresh.length,
    longest: Math.max(0, ...lists.map(({ length }) => length)),
    numbers: Int32Array.from(lists.flat()),
    ends: Int32Array.from(lists, ({ length }) => (end += length)),
  };
}

function gramsOf({ text }: ColdStartShape) {
  if (text.kind !== "grams") throw new Error("these rows are made of grams");
  return text;
}
