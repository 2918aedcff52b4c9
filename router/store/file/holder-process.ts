import { openFileStore } from "./file-store.ts";

/** For tests: opens the store in the folder it is given, says so, and holds it until its parent is gone. */
const [, , dir] = process.argv;
process.once("disconnect", () => process.exit());
const store = await openFileStore({ dir: dir! });
process.send!(store.name);
