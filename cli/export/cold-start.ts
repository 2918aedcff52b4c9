import { renderFlags } from "../../server/config/render-help.ts";
import type { Command } from "../command.ts";
import { readFlags } from "../read-flags.ts";
import { runStoppable, say } from "../run-stoppable.ts";
import { exportTrainedColdStart } from "./export-trained-cold-start.ts";
import { trainedSchema } from "./trained-settings.ts";

const command = "crossfade export cold-start";

export const exportColdStart: Command = {
  summary: "the same of a cold-start model, which goes by the names of tracks",
  help: () => `Turns what a training left into a bundle that crossfade serve takes: a graph for each form of the model, its weights, the
catalogue with titles and artists, the index that finds items by name, and a passport of each form, measured on playlists
that the training held out: once as they are, and once as if nobody knew any of their tracks. Needs neither Python nor the data.

  ${command} --trained trained/songs --out bundles/songs/1
  crossfade serve --bundle bundles/songs/1
  crossfade recommend --model songs --track "The Beatles - Here Comes the Sun"

${renderFlags(trainedSchema.settings)}

  fp32   float32: what all others are judged against
  qint8  tables in int8, and the head where that is faster: for CPUs
  fp16   weights in float16: for GPUs (--provider cuda)
  edge   everything in int8: for small machines and browsers

A form that answers too differently from fp32 is left out, and the log says by how much: HR@10 and NDCG@10 may change by 0.005,
of the top 10 96% must stay, of the first places 94%; playlists with known tracks and those without are judged apart.

The trained folder is checked whole before anything is written. Its reference.jsonl has what the network answered in training;
crossfade eval --reference compares it with what the form fp32 answers. More items, without training anew: crossfade bundle add-items.

Exit codes: 0 the bundle is written, 1 it could not be, 2 called wrongly.
`,
  async run(args) {
    const config = readFlags(trainedSchema, { command, args });
    if (config === undefined) return 2;
    return runStoppable(command, async (signal) => {
      await exportTrainedColdStart(config, { signal, say });
      return 0;
    });
  },
};
