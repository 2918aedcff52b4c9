import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportTrainedColdStart } from "../cli/export/export-trained-cold-start.ts";
import type { RecommendResponse } from "../proto/gen/crossfade/v1/recommender.ts";
import { batchRecommend, recommend, type RequestFields } from "./calls.fixture.ts";
import { openFolder, openServer, type Folder, type OpenServer } from "./open-server.fixture.ts";

/** Written by make_encoders.py there: PyTorch, `transformers` and `tokenizers`. */
const fixtures = join(import.meta.dirname, "../models/cold-start/encoder/fixtures");

interface Reference {
  readonly tracks: readonly { readonly title: string; readonly artist: string }[];
  readonly top: readonly (readonly [id: string, score: number])[];
}

const ask = ({ channel }: OpenServer, fields: RequestFields) =>
  recommend(channel, { model: "songs", ...fields });

describe.each(["distilbert", "minilm"])("songs by a small %s", (name) => {
  let folder: Folder;
  let exact: OpenServer;
  let small: OpenServer;
  let references: readonly Reference[];

  beforeAll(async () => {
    folder = await openFolder();
    const trained = join(fixtures, name);
    const { signal } = new AbortController();
    const out = join(folder.path, "songs", "1");
    await exportTrainedColdStart(
      { trained, out, variants: ["fp32", "edge"], probes: 40, idType: "auto" },
      { signal, say: () => {} },
    );
    exact = await openServer(["--models", folder.path, "--variant", "fp32"]);
    small = await openServer(["--models", folder.path, "--variant", "edge"]);
    const lines = (await readFile(join(trained, "reference.jsonl"), "utf8")).trimEnd().split("\n");
    references = lines.map((line) => JSON.parse(line) as Reference);
  });

  afterAll(async () => {
    await exact[Symbol.asyncDispose]();
    await small[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  test("answers as PyTorch does, for strange names too", async () => {
    expect(references).toHaveLength(40);
    for (const { tracks, top } of references) {
      const { items, served } = await ask(exact, { tracks: [...tracks], topK: 10 });
      expect(served!.tracks!.matched).toBe(0);
      const apart = items.map(({ score }, rank) => Math.abs(score - top[rank]![1]));
      expect(Math.max(...apart), JSON.stringify(tracks)).toBeLessThan(1e-4);
      expect(idsWhereClear(items, top)).toEqual(
        idsWhereClear(
          top.map(([id]) => ({ id })),
          top,
        ),
      );
    }
  });

  test.each(["fp32", "edge"])(
    "%s: the order of the tracks changes no bit, nor does company in a batch",
    async (variant) => {
      const server = variant === "edge" ? small : exact;
      const requests = references.map(({ tracks }) => ({ model: "songs", tracks: [...tracks] }));
      const alone: RecommendResponse[] = [];
      for (const { tracks } of requests)
        alone.push(await ask(server, { tracks: tracks.toReversed() }));
      const results = await batchRecommend(server.channel, requests);
      results.forEach((result, i) =>
        expect(result).toMatchObject({ $case: "response", value: { items: alone[i]!.items } }),
      );
    },
  );
});

/** Ids that no other is so close to that the order in which kernels add could swap them. */
function idsWhereClear(
  items: readonly { readonly id: string }[],
  top: Reference["top"],
): readonly string[] {
  const isClear = (rank: number) =>
    [rank - 1, rank + 1].every((other) => {
      const next = top[other];
      return next === undefined ? other < 0 : Math.abs(next[1] - top[rank]![1]) > 2e-4;
    });
  return items.flatMap(({ id }, rank) => (isClear(rank) ? id : []));
}
