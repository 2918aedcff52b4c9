import type { Host } from "../backends/host.ts";
import type { ModelVersion } from "../proto/gen/crossfade/v1/recommender.ts";
import type { ModelHolder } from "./model-holder.ts";

/** What ListModels answers: all that the holder brought into the host, by model, the newest version first. */
export function listModels(host: Host, holder: ModelHolder): ModelVersion[] {
  const models = host.list().flatMap(({ model, version, backend, isDefault }) => {
    const info = holder.find(model, version)?.info;
    if (info === undefined) return [];
    const ready = backend.isReady(model, version);
    return [{ model, version, ...info, backend: backend.name, ready, isDefault }];
  });
  return models.toSorted((a, b) => a.model.localeCompare(b.model, "en"));
}
