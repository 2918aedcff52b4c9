import { type CodeName, ServingError } from "../../proto/serving-error.ts";

interface Failure {
  readonly code: CodeName;
  readonly what: string;
}

const full: Failure = {
  code: "RESOURCE_EXHAUSTED",
  what: "the disk is full; nothing was changed: free some space, then try again",
};
const closed: Failure = {
  code: "FAILED_PRECONDITION",
  what: "it may not be written here: give --state a folder that can be",
};

const failures: Readonly<Record<string, Failure>> = {
  ENOSPC: full,
  EDQUOT: full,
  EFBIG: full,
  EROFS: closed,
  EACCES: closed,
  EPERM: closed,
  ENOTDIR: closed,
};

const other: Failure = { code: "UNAVAILABLE", what: "the file system failed" };

/** What a failure of the file system means for whoever wanted something kept. */
export function fileError(path: string, cause: unknown): ServingError {
  const { code } = cause as NodeJS.ErrnoException;
  if (typeof code !== "string") return ServingError.from(cause);
  const { code: status, what } = failures[code] ?? other;
  return new ServingError(status, `${path}: ${what} (${code})`, { cause });
}
