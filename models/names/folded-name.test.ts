import { expect, test } from "vitest";
import { foldText } from "./fold-text.fixture.ts";
import { createFoldedName } from "./folded-name.ts";
import { maxLetters } from "./words.ts";

test.each([
  ["Beyoncé", "beyonce"],
  ["Beyonce\u0301", "beyonce"],
  ["BEYONCÉ", "beyonce"],
  ["Sigur Rós", "sigur ros"],
  ["Motörhead", "motorhead"],
  ["Røyksopp & MØ", "royksopp and mo"],
  ["Łąki Łan", "laki lan"],
  ["Þórr Ægir Œuvre", "thorr aegir oeuvre"],
  ["Straße, STRASSE, STRAẞE", "strasse strasse strasse"],
  ["İstanbul ışık", "istanbul isik"],
  ["Don’t / Don't / Dont", "dont dont dont"],
  ["R&B", "r and b"],
  ["AC/DC", "ac dc"],
  ["T.I.", "t i"],
  ["P!nk, Ke$ha, A$AP Rocky, Ty Dolla $ign", "pink kesha asap rocky ty dolla sign"],
  ["Hey! $100 Bill!", "hey 100 bill"],
  ["Ｆｕｌｌ　Ｗｉｄｔｈ（Ｌｉｖｅ）", "full width live"],
  ["ﬁne ② ½ Ⅷ", "fine 2 1 2 viii"],
  ["𝕿𝖍𝖊 𝓑𝓮𝓪𝓽𝓵𝓮𝓼", "the beatles"],
  ["Ёлка, Й", "елка и"],
  ["ΌΝΕΙΡΟ όνειρο", "ονειρο ονειρο"],
  ["ὈΔΥΣΣΕΎΣ Ὀδυσσεύς", "οδυσσευσ οδυσσευσ"],
  ["مُحَمَّد", "محمد"],
  ["أم كلثوم", "ام كلثوم"],
  ["שָׁלוֹם", "שלום"],
  ["ｶﾞﾝﾀﾞﾑ ガンダム", "ガンダム ガンダム".normalize("NFD")],
  ["ハバパ", "ハバパ".normalize("NFD")],
  ["사랑 사랑", "사랑 사랑".normalize("NFD")],
  ["किशोर कुमार", "किशोर कुमार"],
  ["  tabs\tand \u00a0 \u3000 spaces\n", "tabs and spaces"],
  ["zero\u200bwidth\u00adjoined", "zerowidthjoined"],
  ["Fire 🔥 Starter", "fire starter"],
  ["№ 5™", "no 5"],
])("%j folds to %j", (name, folded) => {
  expect(foldText(name)).toBe(folded);
});

test("a name of nothing but symbols is what it shows", () => {
  expect(foldText("🔥🔥")).toBe("🔥🔥");
  expect(foldText("❤\ufe0f ÷")).toBe("❤ ÷");
  expect(foldText("!!!")).toBe("!!!");
  expect(foldText("… - …")).toBe("… - …");
});

test("a name in which nothing can be seen is its bytes, and only an empty one is nothing", () => {
  const names = [
    " ",
    "\0",
    "\0\0",
    "\u200d",
    "\u0301",
    Buffer.of(0xff),
    Buffer.of(0xed, 0xa0, 0x80),
  ];
  const folded = names.map(foldText);
  expect(new Set(folded).size).toBe(names.length);
  expect(folded).not.toContain("");
  expect(foldText("")).toBe("");
});

test("bytes that are no UTF-8 separate words, one by one", () => {
  for (const bad of [
    [0xff],
    [0xc0, 0xaf],
    [0xe0, 0x80, 0xaf],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf5],
  ])
    expect(foldText(Buffer.from([0x61, ...bad, 0x62]))).toBe("a b");
  // Cut off by the end.
  expect(foldText(Buffer.from("ab\u20ac").subarray(0, 4))).toBe("ab");
});

test("a fold is overwritten by the next one", () => {
  const name = createFoldedName();
  const bytes = Buffer.from("(A [B - C, d");
  name.fold(bytes, 0, bytes.length);
  name.fold(bytes, 1, 2);
  expect([name.letterCount, name.wordCount, name.place[0], name.stretch[0], name.signs[0]]).toEqual(
    [1, 1, 0, 0, 0],
  );
});

test("what a name grows to is bounded", () => {
  // One character of three bytes that stands for a phrase of eighteen.
  const name = createFoldedName();
  const bytes = Buffer.from("\ufdfa".repeat(1000));
  name.fold(bytes, 0, bytes.length);
  expect(name.letterCount).toBe(maxLetters);
});
