import type { Host } from "../backends/host.ts";
import type { ModelVersion } from "../proto/gen/crossfade/v1/recommender.ts";
import type { ModelHolder } from "./model-holder.ts";

/** What ListModels answers: everything in the host that a holder brought there. */
export function listModels(host: Host, holder: ModelHolder): ModelVersion[] {
  return host.list().flatMap(({ model, version, backend, isDefault }) => {
    const info = holder.find(model, version)?.info;
    if (info === undefined) return [];
    const isReady = backend.isReady(model, version);
    return [{ model, version, ...info, backend: backend.name, ready: isReady, isDefault }];
  });
}
