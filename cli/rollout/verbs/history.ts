import { historyReply } from "../../../server/control/admin/json-replies.ts";
import { readRevision } from "../change-flags.ts";
import type { Flag } from "../../arguments/flag.ts";
import { modelOf } from "../model-of.ts";
import { plain } from "../plain.ts";
import type { Verb } from "../verb.ts";
import { historyView } from "../views/history-view.ts";
import { wrong } from "../../arguments/wrong.ts";

const limitFlag: Flag = { name: "--limit", value: "N", help: "how many, 1 to 500 (default 20)" };
const belowFlag: Flag = { name: "--below", value: "N", help: "only revisions below that one" };

export const history: Verb = {
  name: "history",
  takes: "[MODEL]",
  summary: "shows who changed what, when and why, newest first",
  about: `Each entry is chained to the one before by a hash. If one was altered or taken out, it says so and exits with 1.`,
  examples: [
    { command: "history playlists --limit 5", does: "the last five changes" },
    { command: "history playlists -o wide", does: "with addresses, audit ids and hashes" },
  ],
  flags: [limitFlag, belowFlag],
  async run(given, { admin, output }) {
    const limit = given.value(limitFlag) ?? "20";
    if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > 500)
      throw wrong(`--limit is "${limit}"; it must be a whole number from 1 to 500`);
    const below = readRevision(given, belowFlag);
    const model = await modelOf(given.words, admin);
    const found = await admin.history({ model, limit: Number(limit), below });
    await output.show(plain(historyReply, found), (look) => historyView(found, look));
    return found.intact ? 0 : 1;
  },
};
