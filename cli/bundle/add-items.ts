import { renderFlags } from "../../server/config/render-help.ts";
import type { Command } from "../command.ts";
import { readFlags } from "../read-flags.ts";
import { runStoppable, say } from "../run-stoppable.ts";
import { addItemsSchema } from "./add-items-settings.ts";
import { addToBundle } from "./add-to-bundle.ts";

const command = "crossfade bundle add-items";

export const addItemsCommand: Command = {
  summary: "adds items to a bundle by their names, without training",
  help: () => `Makes the next version of a cold-start model's bundle, with more items: the vector of each is what the model makes of its title
and artist. Nothing is trained. The new items can be asked for and recommended from then on; as nobody has chosen them yet, the
answers that popularity gives do not have them.

  ${command} --bundle bundles/songs/1 --items new.tsv --out bundles/songs/2

${renderFlags(addItemsSchema.settings)}

  new.tsv   its first line names the columns; separated by tabs, in any order:
            id    title            artist
            s901  Morning Coffee   The Kettles

Every form that the bundle has is made and measured anew, on the playlists that came with it. Ids that are there already are
refused; names that are there already are told, and become items of their own. The old bundle stays as it is.

Exit codes: 0 the bundle is written, 1 it could not be, 2 called wrongly.
`,
  async run(args) {
    const config = readFlags(addItemsSchema, { command, args });
    if (config === undefined) return 2;
    return runStoppable(command, async (signal) => {
      await addToBundle(config, { signal, say });
      return 0;
    });
  },
};
