import type { IdType } from "../../models/catalogue/id-rules.ts";
import { idList, idReader } from "../rows/id-field.ts";
import { readRows, type RowFile } from "../rows/read-rows.ts";

/** What users chose and passed over, by the indexes of a catalogue. */
export interface Choices {
  /** By user id, users in the order in which they were first met. */
  readonly users: ReadonlyMap<string, UserChoices>;
  readonly counts: ChoiceCounts;
}

export interface UserChoices {
  /** Oldest first. */
  readonly chosen: ReadonlySet<number>;
  /** Also what was chosen at another time. */
  readonly shown: readonly number[];
}

export interface ChoiceCounts {
  /** Of the rows of interactions. */
  readonly interactions: number;
  /** Rows of feedback. */
  readonly feedback: number;
  /** Interactions and rows of feedback whose item is not in the catalogue. */
  readonly unknown: number;
}

export interface ChoiceFiles {
  readonly interactions: string | undefined;
  readonly feedback: string | undefined;
}

export interface GatherOptions {
  readonly indexOf: ReadonlyMap<string, number>;
  readonly idType: IdType;
  readonly onProgress: (file: string, bytes: number) => void;
}

/** Interactions first, then feedback; items that the catalogue does not have are counted and passed over. */
export async function gatherChoices(files: ChoiceFiles, options: GatherOptions): Promise<Choices> {
  const { indexOf, idType, onProgress } = options;
  const users = new Map<string, { chosen: Set<number>; shown: number[] }>();
  const counts = { interactions: 0, feedback: 0, unknown: 0 };

  const userOf = (id: string) => {
    let user = users.get(id);
    if (user === undefined) users.set(id, (user = { chosen: new Set(), shown: [] }));
    return user;
  };
  const choose = (id: string, item: string): boolean => {
    const index = indexOf.get(item);
    if (index === undefined) counts.unknown += 1;
    else userOf(id).chosen.add(index);
    return index !== undefined;
  };

  const read = (file: string) => (bytes: number) => onProgress(file, bytes);
  if (files.interactions !== undefined) {
    const interactions = interactionFile(files.interactions, idType);
    for await (const [{ user, items }] of readRows(interactions, read(files.interactions))) {
      counts.interactions += items.length;
      for (const item of items) choose(user, item);
    }
  }
  if (files.feedback !== undefined) {
    const feedback = feedbackFile(files.feedback, idType);
    for await (const [{ user, liked, others }] of readRows(feedback, read(files.feedback))) {
      counts.feedback += 1;
      if (!choose(user, liked)) continue;
      const { shown } = userOf(user);
      for (const other of others) {
        const index = indexOf.get(other);
        if (index !== undefined) shown.push(index);
      }
    }
  }
  return { users, counts };
}

interface InteractionRow {
  readonly user: string;
  readonly items: readonly string[];
}

function interactionFile(path: string, idType: IdType): RowFile<InteractionRow> {
  const readId = idReader(idType);
  const readIds = idList(readId);
  return {
    path,
    example: '{"user":"u1","item":"p3"} or {"user":"u1","items":["p3","p8"]}, oldest first',
    read(fields, problems) {
      const user = readId(fields["user"], "user", problems);
      const { item, items } = fields;
      if (item !== undefined && items !== undefined)
        problems.push("item and items exclude each other");
      const isList = items !== undefined;
      return {
        user,
        items: isList ? readIds(items, "items", problems) : [readId(item, "item", problems)],
      };
    },
  };
}

interface FeedbackRow {
  readonly user: string;
  readonly liked: string;
  readonly others: readonly string[];
}

function feedbackFile(path: string, idType: IdType): RowFile<FeedbackRow> {
  // Feedback may be about models of other ids; those are unknown here, and no mistake.
  const readItem = idReader("any");
  const readIds = idList(readItem);
  return {
    path,
    example: '{"user":"u1","liked":"p3","others":["p8"]}, as crossfade feedback export writes it',
    read: (fields, problems) => ({
      user: idReader(idType)(fields["user"], "user", problems),
      liked: readItem(fields["liked"], "liked", problems),
      others: readIds(fields["others"], "others", problems),
    }),
  };
}
