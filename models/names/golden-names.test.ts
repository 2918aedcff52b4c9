import { expect, test } from "vitest";
import { textOf, trackOf } from "./fold-text.fixture.ts";
import type { GramList } from "./gram-list.ts";
import { createGrams } from "./grams.ts";
import { createIndexKey } from "./index-key.ts";
import { nameRules } from "./name-rules.ts";

const tracks: readonly (readonly [title: string, artist: string])[] = [
  ["Don't Stop Believin' - Remastered 2011", "Journey"],
  ["Hey Ma (with J Balvin & Pitbull feat. Camila Cabello) [Live]", "P!nk, Ke$ha"],
  ["Halo", "BEYONCÉ"],
  ["Hoppípolla", "Sigur Rós"],
  ["Für Elise / Straße №5", "Ludwig van Beethoven"],
  ["Группа крови", "Кино"],
  ["إنت عمري", "أم كلثوم"],
  ["הַתִּקְוָה", "נעמי שמר"],
  ["残酷な天使のテーゼ", "高橋洋子"],
  ["ｶﾞﾗｽ の 部屋", "ピチカート・ファイヴ"],
  ["강남스타일", "싸이"],
  ["कभी कभी मेरे दिल में", "मुकेश"],
  ["สาวเชียงใหม่", "ลานนา คัมมินส์"],
  ["🔥🔥", "👩‍👩‍👧‍👦"],
  ["÷", "!!!"],
  ["", "The The"],
  ["Untitled", ""],
  ["\0", " \u200d"],
  ["Ｌｉｖｅ　ａｔ　Ｂｕｄｏｋａｎ", "ＣＨＥＡＰ　ＴＲＩＣＫ"],
  ["Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘", "u\u0308mlaut and ümlaut"],
  ["A Name That Goes On ".repeat(12), "An Orchestra, Its Choir & Their Conductor"],
];

const listOf = ({ indexes, count }: GramList) => indexes.subarray(0, count).join(" ");

test("names fold, match and come apart just so: what is trained on one machine is served on another", async () => {
  const grams = createGrams(65_536);
  const key = createIndexKey();
  const golden = tracks.map(([title, artist]) => {
    const track = trackOf(title, artist);
    grams.read(track);
    key.write(track, "close");
    return {
      title,
      artist,
      foldedTitle: textOf(track.title),
      foldedArtist: textOf(track.artist),
      key: Buffer.from(key.bytes.subarray(0, key.length)).toString(),
      titleGrams: listOf(grams.title),
      artistGrams: listOf(grams.artist),
    };
  });
  // `npx vitest run models/names -u` rewrites it: then names have other rules, and `nameRules` another number.
  const text = `${JSON.stringify({ rules: nameRules, buckets: 65_536, golden }, null, 2)}\n`;
  await expect(text).toMatchFileSnapshot("fixtures/golden-names.json");
});
