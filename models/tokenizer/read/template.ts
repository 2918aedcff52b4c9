import { list, object, oneOf, optional, table, type Shape } from "../../bundle/shape.ts";
import type { TemplatePiece, TokenType } from "../settings.ts";
import { anything, ofType, shown } from "./shapes.ts";
import { id, someText } from "./vocabulary.ts";

const maxPieces = 16;

const tokenType: Shape<TokenType> = (value, at, problems) => {
  if (value !== 0 && value !== 1) problems.push(`${at}: must be 0 or 1, it is ${shown(value)}`);
  return value as TokenType;
};

interface RawPiece {
  readonly Sequence?: { readonly id: "A" | "B"; readonly type_id: TokenType };
  readonly SpecialToken?: { readonly id: string; readonly type_id: TokenType };
}

const rawPiece: Shape<RawPiece> = object<RawPiece>({
  Sequence: optional(object({ id: oneOf(["A", "B"] as const), type_id: tokenType })),
  SpecialToken: optional(object({ id: someText, type_id: tokenType })),
});

const raw = object({
  type: anything,
  single: anything,
  pair: list(rawPiece, maxPieces),
  special_tokens: table(
    {
      key: { pattern: /^[^]{1,1000}$/, allowed: "1 to 1,000 characters" },
      minEntries: 0,
      maxEntries: 1000,
    },
    object({ id: someText, ids: list(id, maxPieces), tokens: anything }),
  ),
});

const marker: Shape<number> = (value, at, problems) => {
  const isPair = Array.isArray(value) && value.length === 2 && typeof value[0] === "string";
  if (isPair) return id(value[1], at, problems);
  problems.push(`${at}: must be a token and its id, it is ${shown(value)}`);
  return 0;
};

const bert = object({ type: anything, sep: marker, cls: marker });

/** What two names become together. */
export const pairTemplate: Shape<readonly TemplatePiece[]> = ofType<readonly TemplatePiece[]>({
  TemplateProcessing(value, at, problems) {
    const before = problems.length;
    const { pair, special_tokens: specials } = raw(value, at, problems);
    if (problems.length > before) return [];
    const pieces = pair.map((piece, i) =>
      pieceOf(piece, specials, (problem) => problems.push(`${at}.pair[${i}]: ${problem}`)),
    );
    for (const which of ["first", "second"] as const) {
      const count = pieces.filter((piece) => piece.kind === "name" && piece.which === which).length;
      if (count !== 1)
        problems.push(`${at}.pair: must have the ${which} name once, it has it ${count} times`);
    }
    if (pieces.every((piece) => piece.kind === "name" || piece.ids.length === 0))
      problems.push(
        `${at}.pair: has no special token, so names without letters would become nothing`,
      );
    return pieces;
  },
  BertProcessing(value, at, problems) {
    const { sep, cls } = bert(value, at, problems);
    return [
      { kind: "ids", ids: [cls], type: 0 },
      { kind: "name", which: "first", type: 0 },
      { kind: "ids", ids: [sep], type: 0 },
      { kind: "name", which: "second", type: 1 },
      { kind: "ids", ids: [sep], type: 1 },
    ];
  },
});

function pieceOf(
  { Sequence: name, SpecialToken: special }: RawPiece,
  specials: Readonly<Record<string, { readonly ids: readonly number[] }>>,
  complain: (problem: string) => void,
): TemplatePiece {
  if ((name === undefined) === (special === undefined))
    complain("must be either a Sequence or a SpecialToken");
  if (name !== undefined)
    return { kind: "name", which: name.id === "A" ? "first" : "second", type: name.type_id };
  const known = Object.hasOwn(specials, special?.id ?? "") ? specials[special!.id] : undefined;
  if (known === undefined) complain(`the special token ${shown(special?.id)} has no ids`);
  return { kind: "ids", ids: known?.ids ?? [], type: special?.type_id ?? 0 };
}
