import { type Scenario, scenarios } from "./scenarios.ts";
import { storeScenarios } from "./store-scenarios.ts";

export const allScenarios: readonly Scenario[] = [...scenarios, ...storeScenarios];
