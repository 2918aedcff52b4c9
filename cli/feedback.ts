import { commandGroup } from "./command-group.ts";
import { exportFeedback } from "./feedback/export.ts";

export const feedback = commandGroup("feedback", { export: exportFeedback });
