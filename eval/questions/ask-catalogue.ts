import { idsOf, type NamedTrack, type PlaylistData } from "../data/dataset.ts";
import type { Catalogue } from "../protocols/protocol.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { Service } from "./service.ts";

/** As many as a reply may have items. */
const askedAtOnce = 1_000;

export interface AskCatalogueOptions {
  /** Of the data and others. */
  readonly itemCount: number;
  readonly signal: AbortSignal;
}

/**
 * Which of the data's tracks a model can recommend: each is a candidate once, and what comes back is in its catalogue.
 * Nothing else over the wire says it.
 */
export async function askCatalogue(
  service: Service,
  { tracks }: PlaylistData,
  { itemCount, signal }: AskCatalogueOptions,
): Promise<Catalogue> {
  const ids = tracks.flatMap(idsOf);
  const known = new Set<string>();
  for (let start = 0; start < ids.length; start += askedAtOnce) {
    const candidates = ids.slice(start, start + askedAtOnce);
    const { items, served, routed } = await service.ask(
      {
        userId: "",
        // Some models refuse to go by nothing. Any id will do, one that they do not know, too.
        history: ids.slice(0, 1),
        candidates,
        topK: candidates.length,
      },
      signal,
    );
    const why = served?.degraded || routed?.degraded;
    if (why)
      throw new ServingError("UNAVAILABLE", `what the model knows cannot be asked: "${why}"`);
    for (const { id } of items) known.add(id);
  }
  const knownOf = (track: NamedTrack) => idsOf(track).filter((id) => known.has(id));
  const songs = tracks.filter((track) => knownOf(track).length > 0).length;
  // A song that it knows by several ids is one.
  return { size: Math.max(0, itemCount - known.size) + songs, idsOf: knownOf };
}
