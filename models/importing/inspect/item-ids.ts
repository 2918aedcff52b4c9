/** How the model's ids and columns are those of the catalogue. */
export interface ItemIds {
  /** The model's id of the catalogue's first item. */
  readonly firstId: number;
  /** Stands where there is no item. */
  readonly paddingId: number;
  /** The column of the catalogue's first item in the scores, or its row in the head. */
  readonly firstColumn: number;
  /** Why, in words. */
  readonly reason: string;
}

export interface IdEvidence {
  /** Items of the catalogue. */
  readonly items: number;
  /** Columns of the scores, or rows of the table that hidden vectors are compared with. */
  readonly columns: number;
  /** Rows of the table where ids become vectors, as far as it was found. */
  readonly tableRows: number | undefined;
  /** Rows of that table, the first and last two, which are nothing but zeros. */
  readonly zeroRows: readonly number[];
  /** What the model compares ids with. */
  readonly comparedWith: readonly number[];
  readonly firstId: number | undefined;
  readonly paddingId: number | undefined;
}

/** Ids beyond the items that models have for padding, for a mask, for the unknown. */
const maxExtraIds = 2;

/** Throws an Error with both numbers for a catalogue of another size, and with the flags for what cannot be told. */
export function findItemIds(evidence: IdEvidence): ItemIds {
  checkSize(evidence);
  const { items, columns } = evidence;
  const { firstId, paddingId, reason } = idsOf(evidence);
  const firstColumn = columns === items ? 0 : firstId;
  if (firstColumn + items > columns)
    throw new Error(
      `with ids from ${firstId} the ${items} items of the catalogue need ${firstId + items} scores, and the model gives ${columns}; check --first-id`,
    );
  return { firstId, paddingId, firstColumn, reason };
}

function checkSize({ items, columns, tableRows = columns }: IdEvidence): void {
  const most = Math.max(columns, tableRows);
  const least = Math.min(columns, tableRows);
  if (items <= least && items >= most - maxExtraIds) return;
  const scored = `the model scores ${columns.toLocaleString("en")} ids${tableRows === columns ? "" : ` and knows ${tableRows.toLocaleString("en")}`}`;
  const few = least === most ? `${least - 1} or ${least}` : `${most - 1}`;
  throw new Error(
    `${scored}, and the catalogue has ${items.toLocaleString("en")} items; give a catalogue with ${few} lines, one for each item in the order of the model's ids (one id may be the padding), or the model that was trained with this one`,
  );
}

function idsOf(evidence: IdEvidence): Omit<ItemIds, "firstColumn"> {
  const { items, firstId, paddingId, tableRows } = evidence;
  if (firstId !== undefined) {
    const padding = paddingId ?? (firstId > 0 ? 0 : lastId(evidence));
    return { firstId, paddingId: padding, reason: "as was said" };
  }
  if (paddingId !== undefined)
    return { firstId: paddingId === 0 ? 1 : 0, paddingId, reason: "by the padding that was said" };
  if (tableRows === items) return everyId(evidence);
  assertOneExtra(evidence);
  const last = lastId(evidence);
  const told = [0, last].filter((id) => evidence.zeroRows.includes(id));
  if (told.length === 1) return byPadding(told[0]!, "its vector is all zeros");
  const compared = [0, last].filter((id) => evidence.comparedWith.includes(id));
  if (compared.length === 1) return byPadding(compared[0]!, "the model looks for it");
  throw new Error(
    `nobody can tell which of the ids is padding, and so which is the first item's; say it: --first-id 1 (0 is padding, the most usual) or --first-id 0 (${last} is padding)`,
  );
}

function everyId({ items, zeroRows }: IdEvidence): Omit<ItemIds, "firstColumn"> {
  const padding = [0, items - 1].find((id) => zeroRows.includes(id));
  if (padding === undefined)
    return { firstId: 0, paddingId: 0, reason: "every id is an item, none is padding" };
  throw new Error(
    `the catalogue has ${items.toLocaleString("en")} items, as many as the model knows ids, and the vector of its id ${padding} is all zeros, as that of padding is; give a catalogue with ${items - 1} lines, or say that it is an item: --first-id 0`,
  );
}

/** One of the ids is padding; where another is, nothing tells. */
function assertOneExtra({ items, columns, tableRows = columns }: IdEvidence): void {
  const extra = Math.max(columns, tableRows) - items;
  if (extra < maxExtraIds) return;
  throw new Error(
    `the model has ${items + extra} ids, ${extra} more than the catalogue, which has ${items}: one is padding, and nobody can tell which the other is; say where the items begin: --first-id 1 (0 is padding, the other one is the last, as a mask is) or --first-id 2 (both come first); or the catalogue lacks a line`,
  );
}

function byPadding(paddingId: number, reason: string) {
  return { firstId: paddingId === 0 ? 1 : 0, paddingId, reason };
}

/** Behind the items where those begin at 0. */
function lastId({ items }: IdEvidence): number {
  return items;
}
