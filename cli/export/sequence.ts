import { renderFlags } from "../../server/config/render-help.ts";
import type { Command } from "../command.ts";
import { readFlags } from "../read-flags.ts";
import { exportTrainedSequence } from "./export-trained-sequence.ts";
import { runStoppable, say } from "../run-stoppable.ts";
import { trainedSchema } from "./trained-settings.ts";

const command = "crossfade export sequence";

export const exportSequence: Command = {
  summary: "makes a bundle of a sequence model that scripts/train trained",
  help: () => `Turns what a training left into a bundle that crossfade serve takes: a graph for each form of the model, its weights, ids
and titles, and a passport of each form, measured on what the training held out. Needs neither Python nor the data.

  ${command} --trained trained/ml-1m --out bundles/movies/1
  ${command} --trained trained/ml-1m --out bundles/movies/2 --variants fp32,edge
  crossfade serve --bundle bundles/movies/1

${renderFlags(trainedSchema.settings)}

  fp32   float32: what all others are judged against
  qint8  tables in int8, and the head where that is faster: for CPUs
  fp16   weights in float16: for GPUs (--provider cuda)
  edge   every table in int8: for small machines and browsers

A form that answers too differently from fp32 is left out, and the log says by how much: HR@10 and NDCG@10 may change by 0.005,
of the top 10 96% must stay, of the first places 94%; users and strangers are judged apart.

The trained folder is checked whole before anything is written. Its reference.jsonl has what the network answered in training; to
compare it with what is served, serve the form fp32:

  crossfade serve --bundle bundles/movies/1 --variant fp32
  crossfade eval -t 127.0.0.1:8500 -m movies --reference trained/ml-1m/reference.jsonl

Exit codes: 0 the bundle is written, 1 it could not be, 2 called wrongly.
`,
  async run(args) {
    const config = readFlags(trainedSchema, { command, args });
    if (config === undefined) return 2;
    return runStoppable(command, async (signal) => {
      await exportTrainedSequence(config, { signal, say });
      return 0;
    });
  },
};
