import { testEngine } from "../engine.contract.ts";
import { openEngine } from "./open-engine.ts";
import { probe } from "./probe.ts";

const finding = await probe("cuda");

testEngine("cuda", {
  open: (request) => openEngine({ provider: "cuda", ...request }),
  unavailable: finding.works ? undefined : finding.why,
  neededInCi: false,
});
