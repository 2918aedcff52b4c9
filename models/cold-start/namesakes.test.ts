import { expect, test } from "vitest";
import { RecommendRequest } from "../../proto/gen/crossfade/v1/recommender.ts";
import { defaultRequestLimits } from "../../proto/request-limits.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { openFamily, songs } from "./family.fixture.ts";
import type { ColdStartRow } from "./row.ts";

test("what is called like a track that was named is excluded, however often and wherever others are named", async () => {
  const family = await openFamily({ limits: { ...defaultRequestLimits, maxExclude: 4 } });
  const read = (titles: readonly string[]) => {
    const tracks = titles.map((title) => ({ title, artist: "The Lamps" }));
    const row = family.read(
      RecommendRequest.encode(
        RecommendRequest.fromPartial({ tracks, excludeHistory: true }),
      ).finish(),
    );
    if (row instanceof ServingError) throw row;
    const { excluded } = row as ColdStartRow;
    return Array.from(excluded, (item) => songs[item]!.id).sort();
  };
  const other = songs[3]!.title;
  const once = read([songs[0]!.title, other]);
  expect(once).toEqual(expect.arrayContaining(["s0", "again", "remaster"]));
  expect(read([...Array<string>(9).fill(other), songs[0]!.title])).toEqual(once);
  expect(read([songs[0]!.title, ...Array<string>(9).fill(other)])).toEqual(once);
});
