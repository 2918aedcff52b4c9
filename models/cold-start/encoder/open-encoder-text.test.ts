import { join } from "node:path";
import { expect, test } from "vitest";
import type { Bundle } from "../../bundle/bundle.ts";
import { createTrackName } from "../../names/track-name.ts";
import { Code } from "../../../proto/serving-error.ts";
import type { EncoderSettings } from "./encoder-settings.ts";
import { openEncoderText } from "./open-encoder-text.ts";

const settings: EncoderSettings = { kind: "encoder", dims: 24, pooling: "mean", maxTokens: 20 };

/** A bundle of which nothing is looked at but where its tokenizer lies. */
function bundleWith(file: string): Bundle {
  const dir = join(import.meta.dirname, "fixtures", "minilm");
  const parts = { tokenizer: { file, version: "1", sha256: "", bytes: 0 } };
  return {
    dir,
    manifest: { model: "songs", version: "3", parts } as unknown as Bundle["manifest"],
  };
}

test("names are read from a request's bytes, as pairs, up to so many tokens", async () => {
  const tower = await openEncoderText(bundleWith("tokenizer.json"), settings);
  expect(tower).toMatchObject({ inputs: ["tokens"], padding: -1, lengths: [8, 16, 20] });
  const bytes = Buffer.from("..love..Björk..");
  const track = createTrackName();
  track.read(bytes, Int32Array.of(2, 6, 8, 14), 0);
  const [list] = tower.read(track);
  const tokens = [...list!.indexes.subarray(0, list!.count)];
  // Ids twice, and which name: [CLS] … [SEP] of the first, … [SEP] of the second.
  const [cls, sep] = [2 * 2, 2 * 3];
  expect([tokens[0], tokens.at(-1)]).toEqual([cls, sep + 1]);
  const end = tokens.indexOf(sep);
  expect(tokens.map((token) => token % 2)).toEqual(tokens.map((_, i) => (i > end ? 1 : 0)));
  track.read(Buffer.from("a ".repeat(500)), Int32Array.of(0, 500, 500, 1000), 0);
  expect(tower.read(track)[0]!.count).toBe(20);
});

test.each([
  ["items.tsv", settings, "items.tsv is no tokenizer that can be used"],
  ["nowhere.json", settings, "nowhere.json cannot be read"],
  ["tokenizer.json", { ...settings, maxTokens: 4 }, "4 tokens leave no room for names"],
])("a bundle with %s of %j is refused", async (file, of, problem) => {
  const opening = openEncoderText(bundleWith(file), of);
  await expect(opening).rejects.toThrow(problem);
  await expect(opening).rejects.toMatchObject({ code: Code.FAILED_PRECONDITION });
  await expect(opening).rejects.toThrow("songs 3");
});
