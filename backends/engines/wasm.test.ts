import { testEngine } from "../engine.contract.ts";
import { openEngine } from "./open-engine.ts";

testEngine("wasm", {
  open: (request) => openEngine({ provider: "wasm", ...request }),
  neededInCi: true,
});
