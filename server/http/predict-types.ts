import type { RequestLimits } from "../../proto/request-limits.ts";
import { refused, type JsonCursor } from "./json/json-cursor.ts";
import { id, list, message, text, type Readable } from "./json/readable.ts";
import { describe, type Schema } from "./json/schema.ts";
import * as writable from "./json/writable.ts";
import { topKType } from "./top-k-type.ts";

/** Two origins of the design share a path: one asks by what somebody watched, the other by the tracks of a playlist. */
export type PredictRequest = MoviesRequest | TracksRequest;

export interface MoviesRequest {
  user_id: string;
  sequence: string[];
  top_k: number | undefined;
}

export interface TracksRequest {
  tracks: NamedTrack[];
  top_k: number | undefined;
}

export interface NamedTrack {
  track_name: string;
  artist_name: string;
}

interface Either {
  user_id?: string;
  sequence?: string[];
  tracks?: NamedTrack[];
  top_k: number | undefined;
}

export function predictType(limits: RequestLimits): Readable<PredictRequest> {
  const { movies, tracks } = fieldsOf(limits);
  const either = message<Either>({
    title: "PredictRequest",
    empty: () => ({ top_k: undefined }),
    fields: { ...movies, ...tracks },
  });
  return {
    schema: {
      title: "PredictRequest",
      oneOf: [
        objectOf("MoviesRequest", movies, "sequence"),
        objectOf("TracksRequest", tracks, "tracks"),
      ],
    },
    read: (cursor) => oneOf(cursor, either.read(cursor)),
  };
}

function fieldsOf(limits: RequestLimits) {
  const track = message<NamedTrack>({
    title: "NamedTrack",
    empty: () => ({ track_name: "", artist_name: "" }),
    fields: { track_name: text, artist_name: text },
  });
  const top_k = topKType(limits);
  return {
    movies: {
      user_id: describe(id, "Absent: somebody whom nobody knows."),
      sequence: describe(list(id, limits.maxHistory), "What the user watched, oldest first."),
      top_k,
    },
    tracks: {
      tracks: describe(
        list(track, limits.maxTracks),
        "The playlist so far, each by its name, its artist's or both; nobody need know them.",
      ),
      top_k,
    },
  };
}

function objectOf(
  title: string,
  fields: Readonly<Record<string, Readable<unknown>>>,
  required: string,
): Schema {
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, { schema }]) => [name, schema]),
  );
  return { title, type: "object", properties, required: [required], additionalProperties: false };
}

function oneOf(cursor: JsonCursor, { user_id, sequence, tracks, top_k }: Either): PredictRequest {
  if (tracks === undefined && sequence === undefined)
    throw refused(cursor, "sequence or tracks is required");
  if (tracks === undefined) return { user_id: user_id ?? "", sequence: sequence!, top_k };
  if (sequence !== undefined || user_id !== undefined)
    throw refused(cursor, "tracks go without user_id and sequence, which ask another model");
  if (tracks.length === 0) throw refused(cursor, "tracks is empty; send at least one");
  return { tracks, top_k };
}

export const moviesReply = writable.message<{ readonly top_items: readonly string[] }>(
  "MoviesReply",
  { top_items: writable.list(writable.id) },
);

export const tracksReply = writable.message<{ readonly recommended_tracks: readonly NamedTrack[] }>(
  "TracksReply",
  {
    recommended_tracks: writable.list(
      writable.message<NamedTrack>("RecommendedTrack", {
        track_name: writable.text,
        artist_name: writable.text,
      }),
    ),
  },
);

export const predictReply: Schema = {
  title: "PredictReply",
  oneOf: [moviesReply.schema, tracksReply.schema],
};
