import { clearNames, type NameSpans } from "./request-fields.ts";
import type { RequestLimits } from "./request-limits.ts";
import { createSpans, type Spans } from "./spans.ts";

/**
 * One RecommendRequest, as places in its bytes; overwritten by the reader's next request. Ids are not empty and hold
 * no NUL. They may be invalid UTF-8: one that a catalogue knows is valid, so check only the others (`isUtf8Span`).
 */
export interface RequestView extends NameSpans {
  bytes: Uint8Array;
  /** Two offsets each, start and end; so have `candidates` and `exclude`. */
  readonly history: Spans;
  readonly candidates: Spans;
  readonly exclude: Spans;
  /**
   * Four offsets each: start and end of the title, of the artist; equal where it is absent. One of them is there, both
   * are valid UTF-8 and may hold a NUL.
   */
  readonly tracks: Spans;
  excludeHistory: boolean;
  topK: number;
}

export function createRequestView(limits: RequestLimits): RequestView {
  return {
    bytes: new Uint8Array(),
    modelStart: 0,
    modelEnd: 0,
    userStart: 0,
    userEnd: 0,
    versionStart: 0,
    versionEnd: 0,
    history: createSpans("history", 2, limits.maxHistory),
    candidates: createSpans("candidates", 2, limits.maxCandidates),
    exclude: createSpans("exclude", 2, limits.maxExclude),
    tracks: createSpans("tracks", 4, limits.maxTracks),
    excludeHistory: false,
    topK: 0,
  };
}

export function clearRequestView(view: RequestView, request: Uint8Array, topK: number): void {
  clearNames(view);
  view.bytes = request;
  view.history.count = 0;
  view.candidates.count = 0;
  view.exclude.count = 0;
  view.tracks.count = 0;
  view.excludeHistory = false;
  view.topK = topK;
}
