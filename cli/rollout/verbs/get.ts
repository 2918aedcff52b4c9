import { statusReply } from "../../../server/control/admin/json-replies.ts";
import { Code, ServingError } from "../../../proto/serving-error.ts";
import type { Flag } from "../../arguments/flag.ts";
import { modelOf } from "../model-of.ts";
import { plain } from "../plain.ts";
import type { Session, Verb } from "../verb.ts";
import { statusView } from "../views/status-view.ts";

const watchFlag: Flag = {
  name: "--watch",
  short: "-w",
  help: "again whenever it changes, until interrupted; with -o json one line each",
};

export const get: Verb = {
  name: "get",
  takes: "[MODEL]",
  summary: "shows a model's arms, steps and routers",
  about: `USERS SEEN are different users since the revision was applied, on all routers together; whoever came by list, override or
without an id is not among them. "too few to judge" means that their share would fit almost any weight.`,
  examples: [
    { command: "get", does: "the only model, or which ones there are" },
    { command: "get playlists -w", does: "watches the routers follow" },
    { command: "get playlists -o wide", does: "buckets, contradictions and the audit id as well" },
  ],
  flags: [watchFlag],
  async run(given, session) {
    const model = await modelOf(given.words, session.admin);
    if (given.has(watchFlag)) return watch(model, session);
    const status = await session.admin.get(model);
    await session.output.show(plain(statusReply, status), (look) => statusView(status, look));
    return 0;
  },
};

async function watch(model: string, { admin, output, terminal }: Session): Promise<number> {
  try {
    for await (const status of admin.watch(model, terminal.signal))
      await output.showNext(plain(statusReply, status), (look) => statusView(status, look));
  } catch (error) {
    const isOver = terminal.signal.aborted || ServingError.from(error).code === Code.CANCELLED;
    if (!isOver) throw error;
  }
  return 0;
}
