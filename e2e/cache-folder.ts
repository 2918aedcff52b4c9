import { homedir } from "node:os";
import { join } from "node:path";

/** Outside the repository: what takes long to get or to build, and is never changed. */
export const cacheFolder = join(
  process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
  "crossfade",
);
