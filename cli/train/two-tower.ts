import { renderFlags } from "../../server/config/render-help.ts";
import type { Command } from "../command.ts";
import { readFlags } from "../read-flags.ts";
import { runStoppable, say } from "../run-stoppable.ts";
import { trainFromFiles } from "./train-from-files.ts";
import { twoTowerSchema } from "./two-tower-settings.ts";

const command = "crossfade train two-tower";

export const trainTwoTower: Command = {
  summary: "trains a recommender from interactions and feedback",
  help: () => `Trains, quantizes and measures a two-tower model, and writes the bundle that crossfade serve takes.

  ${command} --interactions follows.jsonl --catalogue items.jsonl --out bundles/playlists/2
  ${command} --feedback rows.jsonl --catalogue items.jsonl --out bundles/playlists/3

Interactions are what users chose; feedback also tells what they passed over. Give either, or both.

${renderFlags(twoTowerSchema.settings)}

  follows.jsonl  {"user":"u1","item":"p3"} or {"user":"u1","items":["p3","p8"]}
  items.jsonl    {"id":"p3","title":"Songs to drive by"}
  rows.jsonl     {"user":"u1","liked":"p3","others":["p8","p9"]}
`,
  async run(args) {
    const config = readFlags(twoTowerSchema, { command, args });
    if (config === undefined) return 2;
    return runStoppable(command, async (signal) => {
      await trainFromFiles(config, { signal, say });
      return 0;
    });
  },
};
