import { commandGroup } from "./command-group.ts";
import { exportSequence } from "./export/sequence.ts";

export const exportBundles = commandGroup("export", { sequence: exportSequence });
