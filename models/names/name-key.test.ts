import { expect, test } from "vitest";
import { trackOf } from "./fold-text.fixture.ts";
import type { Closeness } from "./title-key.ts";
import { createNameKey } from "./name-key.ts";

const key = createNameKey();

function keyOf(title: string, artist: string, closeness: Closeness = "close"): string {
  key.write(trackOf(title, artist), closeness);
  return Buffer.from(key.bytes.subarray(0, key.length)).toString();
}

test.each([
  "Don't Stop Believin'",
  "DON’T STOP BELIEVIN’",
  "Dont stop believin",
  "Don't Stop Believin' - Remastered 2011",
  "Don't Stop Believin' - 2022 Remaster",
  "Don't Stop Believin' – Remastered",
  "Don't Stop Believin' (2011 Remastered Version)",
  "Don't Stop Believin' Remastered 2011",
  "Don't Stop Believin' (Live)",
  "Don't Stop Believin' - Live",
  "Don't Stop Believin' - Live at Wembley Stadium, London / 1982",
  "Don't Stop Believin' (Live from Spotify NYC) [Bonus Track]",
  "Don't Stop Believin' [Deluxe Edition]",
  "Don't Stop Believin' - Radio Edit",
  "Don't Stop Believin' Radio Edit",
  "Don't Stop Believin' - Single Version",
  "Don't Stop Believin' - 7\" Version",
  "Don't Stop Believin' (feat. Somebody & Another)",
  "Don't Stop Believin' ft. Somebody",
  "Don't Stop Believin' featuring Somebody - Radio Edit",
  "Don't Stop Believin' [feat. Somebody] (Live Acoustic Version)",
  "Don't Stop Believin' (with Somebody)",
  "Don't Stop Believin' (w/ Somebody)",
  "Don't Stop Believin' (Live Version 2011)",
  "Don't Stop Believin' (Official Music Video)",
  "Don't Stop Believin' - Mono / Remastered",
  "Don't Stop Believin' (Explicit)",
])("%j is the same work", (title) => {
  expect(keyOf(title, "Journey")).toBe("dontstopbelievin\tjourney");
});

test.each([
  ["The Beatles", "Beatles, The"],
  ["Simon & Garfunkel", "Simon and Garfunkel"],
  ["Guns N' Roses", "Guns and Roses"],
  ["Florence + The Machine", "Florence & the Machine"],
  ["AC/DC", "ACDC"],
  ["M.O.N.E.Y.", "MONEY"],
  ["Rock'n'Roll", "Rock & Roll"],
  ["Rock 'n' Roll", "Rock and Roll"],
  ["R&B", "RnB"],
  ["T.I.", "TI"],
  ["JAY-Z", "Jay Z"],
  ["Beyoncé", "BEYONCE"],
  ["Ke$ha", "Kesha"],
  ["Earth, Wind & Fire", "Earth Wind and Fire"],
  ["John P. Kee feat. James Fortune, Isaac Carree", "John P. Kee"],
  ["Tyler, The Creator", "Tyler the Creator"],
])("%j is %j", (one, other) => {
  expect(keyOf("Song", one)).toBe(keyOf("Song", other));
});

test.each([
  ["Bob Marley & The Wailers", "bobmarley"],
  ["Drake, Rihanna, Future", "drake"],
  ["A x B", "a"],
  ["Queen vs. David Bowie", "queen"],
  ["The Black Keys with Somebody", "blackkeys"],
  ["Tyler, The Creator", "tylercreator"],
])("the first artist of %j is %j", (artist, first) => {
  expect(keyOf("Song", artist, "loose")).toBe(`song\t${first}`);
});

test.each([
  'Let It Go (From "A Film")',
  "Let It Go - From the Motion Picture Soundtrack",
  "Let It Go",
])("%j is loosely the same work", (title) => {
  expect(keyOf(title, "Somebody & Others", "loose")).toBe("letitgo\tsomebody");
});

test("loosely, a sign for and is nothing", () => {
  expect(keyOf("Sun & Moon", "Above & Beyond", "loose")).toBe("sunmoon\tabove");
  expect(keyOf("Sun Moon", "Above and Beyond", "loose")).toBe("sunmoon\tabove");
  expect(keyOf("And", "And", "loose")).toBe("n\tn");
});

test.each([
  ["Live", "live"],
  ["(Live)", "live"],
  ["Remastered", "remastered"],
  ["Radio", "radio"],
  ["Live Forever", "liveforever"],
  ["Long Live", "longlive"],
  ["Paper Planes (Live and Let Die)", "paperplaneslivenletdie"],
  ["Another Brick in the Wall, Pt. 2", "anotherbrickinthewallpt2"],
  ["1999", "1999"],
  ["Faded (1999)", "faded1999"],
  ["Faded - The Magician Remix", "fadedthemagicianremix"],
  ["Don't Let Me Down - W&W Remix", "dontletmedownwnwremix"],
  ["Tera Naam (Version 2)", "teranaamversion2"],
  ['End Titles (From "A Film")', "endtitlesfromafilm"],
  ["Love Story (Taylor's Version)", "lovestorytaylorsversion"],
  ["(I Can't Get No) Satisfaction", "icantgetnosatisfaction"],
  ["With or Without You", "withorwithoutyou"],
  ["Swimming Pools (Drank)", "swimmingpoolsdrank"],
  ["Up-Town", "uptown"],
  ["And", "n"],
  ["N", "n"],
  ["!!!", "!!!"],
  ["", ""],
])("the title %j stays what it is", (title, kept) => {
  expect(keyOf(title, "The The")).toBe(`${kept}\tthethe`);
});

test("names that are in no note tell works apart", () => {
  const titles = [
    "Hello",
    "Hello Again",
    "Hello (Reprise)",
    "Hello, Pt. 2",
    "Hello - Tiësto Remix",
  ];
  expect(new Set(titles.map((title) => keyOf(title, "Adele"))).size).toBe(titles.length);
  expect(keyOf("Hello", "Adele")).not.toBe(keyOf("Hello", "Lionel Richie"));
  expect(keyOf("ab", "c")).not.toBe(keyOf("a", "bc"));
});
