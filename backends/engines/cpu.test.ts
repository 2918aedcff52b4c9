import { testEngine } from "../engine.contract.ts";
import { openEngine } from "./open-engine.ts";

testEngine("cpu", {
  open: (request) => openEngine({ provider: "cpu", ...request }),
  neededInCi: true,
});
