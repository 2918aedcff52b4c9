import { listReply } from "../../../server/control/admin/json-replies.ts";
import { plain } from "../plain.ts";
import type { Verb } from "../verb.ts";
import { listView } from "../views/list-view.ts";
import { wrong } from "../../arguments/wrong.ts";

export const list: Verb = {
  name: "list",
  takes: "",
  summary: "shows the rollouts of all models",
  about: "Models without a rollout are not listed: their servers' default version answers.",
  examples: [{ command: "list -o wide", does: "with who changed what last, and why" }],
  flags: [],
  async run({ words }, { admin, output }) {
    if (words.length > 0) throw wrong(`list takes no model; \`get ${words[0]}\` shows one`);
    const rollouts = await admin.list();
    await output.show(plain(listReply, rollouts), (look) => listView(rollouts, look));
    return 0;
  },
};
