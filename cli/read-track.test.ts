import { expect, test } from "vitest";
import { readTrack } from "./read-track.ts";

test.each([
  ["Miles Davis - So What", "Miles Davis", "So What"],
  ["So What", "", "So What"],
  ["Queen - Innuendo - Remastered 2011", "Queen", "Innuendo - Remastered 2011"],
  ["Jay-Z - 99 Problems", "Jay-Z", "99 Problems"],
  [" - So What", "", "So What"],
  ["Miles Davis - ", "Miles Davis", ""],
  ["  Sleep  -  Dopesmoker ", "Sleep", "Dopesmoker"],
])("%j", (text, artist, title) => {
  expect(readTrack(text)).toEqual({ artist, title });
});
