import type { CatalogueItem } from "./catalogue-item.ts";
import { maxIdBytes, maxTextBytes } from "./layout.ts";

/** How ids look at the edge: any text, or decimal numbers. Inside they are bytes either way. */
export type IdType = "string" | "int";

const decimal = /^(0|-?[1-9][0-9]{0,15})$/;
const loneSurrogate = /\p{Surrogate}/u;

/** What keeps the id out of an index; undefined: nothing. */
export function idProblem(id: string, idType: IdType = "string"): string | undefined {
  if (id === "") return "the id is empty";
  const bytes = Buffer.byteLength(id);
  if (bytes > maxIdBytes)
    return `the id ${shown(id)} has ${bytes} bytes, at most ${maxIdBytes} are allowed`;
  if (id.includes("\0")) return `the id ${shown(id)} has a NUL character`;
  if (bytes !== id.length && loneSurrogate.test(id)) return `the id ${shown(id)} is no valid text`;
  if (idType === "string" || (decimal.test(id) && Number.isSafeInteger(Number(id))))
    return undefined;
  return `the id ${shown(id)} is no whole number from -(2^53 - 1) to 2^53 - 1 as JSON writes it`;
}

function shown(id: string): string {
  return JSON.stringify(id.length > maxIdBytes ? `${id.slice(0, maxIdBytes)}…` : id);
}

/** What keeps the item out of a catalogue; undefined: nothing. */
export function itemProblem(item: CatalogueItem, idType?: IdType): string | undefined {
  const { id, title, artist = "" } = item;
  return idProblem(id, idType) ?? titleProblem(id, title) ?? artistProblem(id, artist);
}

/** As `itemProblem`, for a table that somebody wrote: also what nobody means, and nobody sees. */
export function writtenItemProblem(item: CatalogueItem, idType?: IdType): string | undefined {
  const { id, title, artist = "" } = item;
  return (
    itemProblem(item, idType) ??
    (id.trim() === id ? undefined : `the id ${JSON.stringify(id)} has blanks around it`) ??
    controlProblem("the id", id, id.match(control)) ??
    controlProblem(`the title of ${JSON.stringify(id)}:`, title, title.match(asciiControl)) ??
    controlProblem(`the artist of ${JSON.stringify(id)}:`, artist, artist.match(asciiControl))
  );
}

const control = /\p{Cc}/u;
/** Names in real tables do have others: quotes of Windows-1252 that somebody took for Latin-1 are U+0091 to U+0094. */
const asciiControl = /(?=\p{ASCII})\p{Cc}/u;

function controlProblem(
  whose: string,
  text: string,
  found: RegExpMatchArray | null,
): string | undefined {
  if (found === null) return undefined;
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return `${whose} ${JSON.stringify(text)} has the control character U+${code}; take it out`;
}

export function titleProblem(id: string, title: string): string | undefined {
  const problem = textProblem(title);
  return problem && `the title of ${JSON.stringify(id)} ${problem}`;
}

export function artistProblem(id: string, artist: string): string | undefined {
  const problem = textProblem(artist);
  return problem && `the artist of ${JSON.stringify(id)} ${problem}`;
}

function textProblem(text: string): string | undefined {
  if (text.includes("\0")) return "has a NUL character";
  const bytes = Buffer.byteLength(text);
  if (bytes > maxTextBytes) return `has ${bytes} bytes, at most ${maxTextBytes} are allowed`;
  return bytes !== text.length && loneSurrogate.test(text) ? "is no valid text" : undefined;
}
