import { simulateReply } from "../../../server/control/admin/json-replies.ts";
import type { Flag } from "../../arguments/flag.ts";
import { modelOf } from "../model-of.ts";
import { isWeight, readWeights, resolveWeights } from "../read-weights.ts";
import { plain } from "../plain.ts";
import type { Verb } from "../verb.ts";
import { simulationView } from "../views/simulation-view.ts";
import { wrong } from "../../arguments/wrong.ts";

const weightFlag: Flag = {
  name: "--weight",
  value: "ARM=WEIGHT[,…]",
  help: "what to try; without an arm it is the canary's",
};

export const simulate: Verb = {
  name: "simulate",
  takes: "--weight ARM=WEIGHT [MODEL]",
  summary: "predicts what other weights would do: who moves, what each arm has to carry",
  about: `Buckets are exact. Load is predicted from the rows of the last minute on all routers and from what a row costs the
backends now. Changes nothing; needs only the role viewer.`,
  examples: [
    { command: "simulate playlists --weight canary=500bp", does: "5% for the canary" },
    { command: "simulate --weight 20%", does: "20% for the canary of the only model" },
  ],
  flags: [weightFlag],
  async run(given, { admin, output }) {
    const asked = [given.value(weightFlag) ?? [], given.words.filter(isWeight)].flat();
    if (asked.length === 0) throw wrong("say which weight: --weight canary=500bp");
    const weights = readWeights(asked);
    const names = given.words.filter((word) => !isWeight(word));
    const model = await modelOf(names, admin);
    const basisPoints = await resolveWeights(weights, model, admin);
    const simulated = await admin.simulate({ model, basisPoints });
    await output.show(plain(simulateReply, simulated), (look) => simulationView(simulated, look));
    return 0;
  },
};
