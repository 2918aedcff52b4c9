import type { RecommendResponse, Track } from "../../proto/gen/crossfade/v1/recommender.ts";
import type { ServingError } from "../../proto/serving-error.ts";

/** What one user is asked about: the fields of a RecommendRequest but the model. */
export interface Question {
  /** "": anonymous. */
  readonly userId: string;
  readonly history: readonly string[];
  readonly tracks?: readonly Track[];
  readonly candidates?: readonly string[];
  readonly exclude?: readonly string[];
  readonly excludeHistory?: boolean;
  readonly topK: number;
}

export type Answered = RecommendResponse | ServingError;

/** Whom the questions go to. */
export interface Side {
  /** As tables call it. */
  readonly name: string;
  /** HOST:PORT or unix:/path. */
  readonly target: string;
  readonly model: string;
  /** "": whatever the server or the user's arm has. */
  readonly version: string;
  readonly metadata: ReadonlyMap<string, string>;
  /** PEM text; absent: plain text. */
  readonly serverAuthority?: string;
}
