import { explainReply } from "../../../server/control/admin/json-replies.ts";
import type { Flag } from "../../arguments/flag.ts";
import { modelOf } from "../model-of.ts";
import { plain } from "../plain.ts";
import type { Verb } from "../verb.ts";
import { wrong } from "../../arguments/wrong.ts";

const userFlag: Flag = {
  name: "--user",
  short: "-u",
  value: "ID",
  help: "the user id, as callers send it",
};

export const explain: Verb = {
  name: "explain",
  takes: "--user ID [MODEL]",
  summary: "says which arm a user gets, and why",
  about: "By what the router at --admin routes by now, an arm that it alone has lowered included.",
  examples: [{ command: "explain playlists --user u42", does: "u42's arm, bucket and why" }],
  flags: [userFlag],
  async run(given, { admin, output }) {
    const userId = given.value(userFlag);
    if (userId === undefined) throw wrong("say who: --user ID");
    const model = await modelOf(given.words, admin);
    const explained = await admin.explain({ model, userId });
    await output.show(plain(explainReply, explained), ({ isWide }) => {
      const { explanation, revision, reason, bucket } = explained;
      const wide = isWide ? `revision ${revision}, reason ${reason}, bucket ${bucket}\n` : "";
      return `${explanation}\n${wide}`;
    });
    return 0;
  },
};
