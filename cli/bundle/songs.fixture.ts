import { openEngine } from "../../backends/engines/open-engine.ts";
import { partFile, variantOf, type Bundle } from "../../models/bundle/bundle.ts";
import type { VariantName } from "../../models/bundle/manifest.ts";
import { openColdStart } from "../../models/cold-start/open.ts";
import { unhurried } from "../../models/exporting/graph-runner.ts";
import { RecommendRequest, RecommendResponse } from "../../proto/gen/crossfade/v1/recommender.ts";
import { defaultRequestLimits } from "../../proto/request-limits.ts";
import { ServingError } from "../../proto/serving-error.ts";

export interface Songs extends AsyncDisposable {
  recommend(
    request: Parameters<typeof RecommendRequest.fromPartial>[0],
  ): Promise<RecommendResponse>;
}

/** A variant of a cold-start bundle, asked without a server. */
export async function openSongs(bundle: Bundle, name: VariantName): Promise<Songs> {
  const options = { limits: defaultRequestLimits };
  const { family, graph } = await openColdStart(bundle, variantOf(bundle, name), options);
  const engine = await openEngine({ provider: "cpu", graph: partFile(bundle, graph) });
  const by = { model: "songs", version: bundle.manifest.version, backend: name };
  return {
    async recommend(request) {
      const row = family.read(
        RecommendRequest.encode(RecommendRequest.fromPartial(request)).finish(),
      );
      if (row instanceof ServingError) throw row;
      const outputs = await engine.run(family.encode([row]), unhurried);
      return RecommendResponse.decode(family.reply(row, by, { outputs, index: 0 }));
    },
    [Symbol.asyncDispose]: () => engine.close(),
  };
}
