import { RecordFeedbackRequest } from "../../proto/gen/crossfade/v1/recommender.ts";
import { refused, type JsonCursor } from "./json/json-cursor.ts";
import { id, list, message, text, time, type Readable } from "./json/readable.ts";
import { describe } from "./json/schema.ts";
import { message as writable, text as writableText } from "./json/writable.ts";

/** More are told with their number; this bounds what is read. */
const maxOthers = 10_000;

const liked = describe(id, "What the user liked.");
const others = describe(list(id, maxOthers), "What he was shown beside it, and did not.");

const common = {
  eventId: describe(text, "The same within 24 hours counts once. Absent: the content is the id."),
  recommendationId: describe(text, "Of the reply that showed him these."),
  userId: id,
  time: describe(time, "When it happened. Absent: now."),
};

/** An origin of the design has names of its own for what the contract calls liked and others. */
interface PlaylistFeedback extends RecordFeedbackRequest {
  like_playlist?: string;
  other_playlists?: string[];
}

const empty = (): PlaylistFeedback => RecordFeedbackRequest.fromPartial({});

const ofContract = message<RecordFeedbackRequest>({
  title: "RecordFeedbackRequest",
  empty,
  fields: { ...common, liked, others },
  required: ["userId", "liked"],
});

const ofOrigin = message<PlaylistFeedback>({
  title: "PlaylistFeedback",
  empty,
  fields: { ...common, like_playlist: liked, other_playlists: others },
  required: ["userId", "like_playlist"],
});

const ofEither = message<PlaylistFeedback>({
  title: "Feedback",
  empty,
  fields: { ...common, liked, others, like_playlist: liked, other_playlists: others },
});

export interface ReadFeedback {
  readonly request: RecordFeedbackRequest;
  /** In the names of the origin. */
  readonly isOfOrigin: boolean;
}

/** The contract's message in JSON as proto3 maps it, or with the names of the origin. */
export const feedbackRequest: Readable<ReadFeedback> = {
  schema: { title: "Feedback", oneOf: [ofContract.schema, ofOrigin.schema] },
  read(cursor) {
    const { like_playlist, other_playlists, ...request } = ofEither.read(cursor);
    if (like_playlist === undefined && other_playlists === undefined)
      return { request, isOfOrigin: false };
    refuseBoth(cursor, request);
    request.liked = like_playlist ?? "";
    request.others = other_playlists ?? [];
    return { request, isOfOrigin: true };
  },
};

function refuseBoth(cursor: JsonCursor, { liked, others }: RecordFeedbackRequest): void {
  if (liked === "" && others.length === 0) return;
  throw refused(cursor, "has both liked or others and like_playlist or other_playlists; give one");
}

export const feedbackReply = writable<{ readonly msg?: string | undefined }>(
  "FeedbackReply",
  { msg: writableText },
  ["msg"],
);
