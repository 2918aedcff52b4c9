import type { Track } from "../../proto/gen/crossfade/v1/recommender.ts";
import { badLine, linesOf, type Line } from "../data/lines.ts";
import type { Scored } from "../metrics/rank.ts";
import type { Question } from "../questions/question.ts";

/** What training says a user's best items are, nothing excluded. */
export interface ReferenceCase {
  readonly question: Question;
  readonly top: readonly Scored[];
}

/** Lines of `{"user_id","sequence":[…],"top":[[id, score]…]}`; of tracks by name, `{"tracks":[{"title","artist"}…],"top"}`. */
export function readReference(text: string, file: string): readonly ReferenceCase[] {
  const cases = Array.from(linesOf(text, file), readCase);
  if (cases.length > 0) return cases;
  throw badLine({ place: file, text: "" }, "at least one line");
}

interface ReferenceLine {
  readonly user_id?: string | number;
  readonly sequence?: readonly (string | number)[];
  readonly tracks?: readonly Track[];
  readonly top: readonly (readonly [id: string | number, score: number])[];
}

function readCase(line: Line): ReferenceCase {
  const { user_id: user = "", sequence = [], tracks, top } = parse(line);
  return {
    question: {
      userId: String(user),
      history: sequence.map(String),
      ...(tracks !== undefined && { tracks }),
      topK: top.length,
    },
    top: top.map(([id, score]) => ({ id: String(id), score })),
  };
}

function isTracks(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (one: Partial<Track> | null) =>
        typeof one?.title === "string" && typeof one.artist === "string",
    )
  );
}

function parse(line: Line): ReferenceLine {
  const expected =
    '{"user_id":…,"sequence":[…],"top":[[id, score],…]} or {"tracks":[{"title":…,"artist":…}],"top":…}';
  let value: ReferenceLine;
  try {
    value = JSON.parse(line.text) as ReferenceLine;
  } catch {
    throw badLine(line, expected);
  }
  const isWell =
    Array.isArray(value.top) &&
    value.top.length > 0 &&
    value.top.every((one) => Array.isArray(one) && Number.isFinite(one[1])) &&
    (Array.isArray(value.sequence) || isTracks(value.tracks));
  if (!isWell) throw badLine(line, expected);
  return value;
}
