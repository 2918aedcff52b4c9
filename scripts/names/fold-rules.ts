import { signs } from "../../models/names/signs.ts";

/**
 * What one code point of a name becomes: letters without case, accents and compatibility forms, and signs; nothing where it is
 * dropped. By the Unicode tables of the Node that runs this, which is why the result is kept in the tree.
 */
export function foldOf(codePoint: number): number[] {
  const text = String.fromCodePoint(codePoint);
  if (/\p{Cn}|\p{Co}/u.test(text)) return [codePoint];
  const special = specials.get(text);
  if (special !== undefined) return special;
  return Array.from(text.normalize("NFKD")).flatMap((part) =>
    Array.from(withoutCase(part).normalize("NFKD")).flatMap(classify),
  );
}

/** Both ways, for the letters that only one of them changes: ß and its capital are "ss". */
function withoutCase(char: string): string {
  return char.toLowerCase().toUpperCase().toLowerCase();
}

function classify(char: string): number[] {
  const special = specials.get(char);
  if (special !== undefined) return special;
  const sign = signOf(char);
  if (sign !== undefined) return [sign];
  return isDropped(char) ? [] : [char.codePointAt(0)!];
}

/** Voicing marks of kana tell letters apart; accents of these scripts do not, in names that people type. */
function isDropped(char: string): boolean {
  if (/\p{Cf}|\p{Me}|\u0640/u.test(char)) return true;
  if (/[\u3099\u309a]/u.test(char)) return false;
  return (
    /\p{Mn}/u.test(char) &&
    /\p{Script=Inherited}|\p{Script=Latin}|\p{Script=Greek}|\p{Script=Cyrillic}|\p{Script=Arabic}|\p{Script=Hebrew}/u.test(
      char,
    )
  );
}

function signOf(char: string): number | undefined {
  if (/\p{Cc}|\p{Z}/u.test(char)) return signs.gap;
  if (char === "$") return signs.dollar;
  if (char === "!") return signs.exclamation;
  if (char === "+") return signs.plus;
  if (/[,;/،、；，]/u.test(char)) return signs.comma;
  if (/["\p{Pi}\p{Pf}„″]/u.test(char)) return signs.quote;
  if (/\p{Ps}/u.test(char)) return signs.open;
  if (/\p{Pe}/u.test(char)) return signs.close;
  if (/\p{Pd}|\u2212/u.test(char)) return signs.dash;
  return /\p{P}|\p{S}/u.test(char) ? signs.symbol : undefined;
}

const and = [signs.gap, ...codePointsOf("and"), signs.gap];

const specials = new Map<string, number[]>([
  ["&", and],
  ["×", codePointsOf("x")],
  ["™", [signs.symbol]],
  ["℠", [signs.symbol]],
  // Letters that Unicode does not take apart.
  ...Object.entries({
    ø: "o",
    đ: "d",
    ð: "d",
    ł: "l",
    ħ: "h",
    ŧ: "t",
    æ: "ae",
    œ: "oe",
    þ: "th",
  }).map(([from, to]) => [from, codePointsOf(to)] as [string, number[]]),
  // Apostrophes, and what stands for them: "Don't" is "Dont".
  ...Array.from("'`´‘’‚‛ʹʻʼʽʾʿˈ′՚׳ꞌ", (apostrophe) => [apostrophe, []] as [string, number[]]),
]);

function codePointsOf(text: string): number[] {
  return Array.from(text, (char) => char.codePointAt(0)!);
}
