import { isWeight, readWeights, resolveWeights } from "../read-weights.ts";
import { wrong } from "../../arguments/wrong.ts";
import { mutation } from "./mutation.ts";

export const setWeight = mutation({
  name: "set weight",
  takes: "ARM=WEIGHT[,ARM=WEIGHT] [MODEL]",
  summary: "gives arms so much of the users; the stable arm takes or gives the rest",
  about: `Weights are basis points (250bp) or percentages (2.5%); a bare 5 is refused, since it may be meant as either. A weight
without an arm is the canary's. Only as many users change arms as the weights differ by: those who are in the canary
stay there when it grows. Steps that run end: what is set by hand stays until somebody changes it.`,
  examples: [
    {
      command: 'set weight canary=250bp playlists --reason "errors look fine"',
      does: "2.5% of the users to the canary",
    },
    {
      command: "set weight 5% --dry-run",
      does: "what 5% for the canary of the only model would do",
    },
    {
      command: 'set weight canary=10% playlists --expect-rev 7 --wait -m "step 2"',
      does: "only from revision 7, and until every router has it",
    },
  ],
  read(given, { admin }) {
    const words = given.words.filter(isWeight);
    if (words.length === 0) throw wrong("say which weight, e.g. canary=250bp");
    const weights = readWeights(words);
    return {
      models: given.words.filter((word) => !isWeight(word)),
      change: async (model) => ({
        $case: "setWeights",
        value: { basisPoints: await resolveWeights(weights, model, admin) },
      }),
    };
  },
});
