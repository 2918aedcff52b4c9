import { addItemsCommand } from "./bundle/add-items.ts";
import { commandGroup } from "./command-group.ts";

export const bundles = commandGroup("bundle", { "add-items": addItemsCommand });
