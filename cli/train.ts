import { commandGroup } from "./command-group.ts";
import { trainTwoTower } from "./train/two-tower.ts";

export const train = commandGroup("train", { "two-tower": trainTwoTower });
