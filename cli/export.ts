import { commandGroup } from "./command-group.ts";
import { exportColdStart } from "./export/cold-start.ts";
import { exportSequence } from "./export/sequence.ts";

export const exportBundles = commandGroup("export", {
  sequence: exportSequence,
  "cold-start": exportColdStart,
});
