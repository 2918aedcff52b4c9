import type { ConfigOf } from "../config/schema.ts";
import { bytes, duration, orWord, set, type Kind } from "../config/setting.ts";

/** Where feedback is kept: for now a folder. */
const feedbackPlace: Kind<string> = {
  allowed: "a folder",
  format: (value) => value,
  parse(raw) {
    const isText = typeof raw === "string" && raw !== "" && !raw.includes("\0");
    return isText && !/^[a-z+]+:\/\//i.test(raw) ? raw : undefined;
  },
};

const day = 86_400_000;

/** What every process that takes feedback can be told about it. */
export const feedbackSettings = {
  feedback: set(orWord("off", feedbackPlace), "off", "where feedback is kept"),
  feedbackMaxBytes: set(
    bytes({ min: 2 ** 20, max: 2 ** 50 }),
    2 ** 30,
    "all that is kept there; more feedback is refused",
  ),
  feedbackKeepMs: set(
    duration({ min: day, max: 3_660 * day }),
    90 * day,
    "older feedback is removed",
  ),
  feedbackSyncMs: set(
    duration({ min: 0, max: 1_000 }),
    20,
    "from one sync to the next; feedback is acknowledged when it was synced",
  ),
};

export type FeedbackConfig = ConfigOf<typeof feedbackSettings>;
