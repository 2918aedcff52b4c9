import { forgetReply } from "../../../server/control/admin/json-replies.ts";
import { wrong } from "../../arguments/wrong.ts";
import { reasonFlag, reasonOf } from "../change-flags.ts";
import { plain } from "../plain.ts";
import type { Verb } from "../verb.ts";
import { roughly } from "../views/times.ts";

export const forget: Verb = {
  name: "forget",
  takes: "ROUTER",
  summary: "waits no longer for a silent router that is dead for good",
  about: `A router that stops says so, and is forgotten by itself. One that is silent may be dead, or cut off from the store and still
serve by what it had: nobody can tell from here, so --wait and status count it as missing for an hour. Make sure that it is
dead first. One that lives is refused; one that comes back is listed again.`,
  examples: [
    {
      command: 'forget router-1:8500 --reason "its machine burnt"',
      does: "--wait and status no longer miss it",
    },
  ],
  flags: [reasonFlag],
  async run(given, { admin, output }) {
    const reason = reasonOf(given);
    const [router, ...others] = given.words;
    if (router === undefined) throw wrong("say which ROUTER; `get` lists them");
    if (others.length > 0) throw wrong("one router at a time");
    const forgotten = await admin.forget({ router, reason });
    await output.show(
      plain(forgetReply, forgotten),
      () => `${router} is forgotten; it was silent for ${roughly(forgotten.silentMs)}\n`,
    );
    return 0;
  },
};
