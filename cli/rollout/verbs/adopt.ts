import { ServingError } from "../../../proto/serving-error.ts";
import type { Flag, Given } from "../../arguments/flag.ts";
import { wrong } from "../../arguments/wrong.ts";
import { readChangeOptions } from "../change-flags.ts";
import { makeChange, type WantedChange } from "../make-change.ts";
import type { Output } from "../output.ts";
import type { Session, Verb } from "../verb.ts";
import { mutation } from "./mutation.ts";

const allFlag: Flag = { name: "--all", help: "every model of which the store lost something" };
const change: WantedChange["change"] = { $case: "adopt", value: {} };

const one = mutation({
  name: "adopt",
  takes: "[MODEL | --all]",
  summary: "writes back what routers hold, after the store lost it",
  about: `Routers refuse revisions older than theirs, and nothing else can be changed of a model until this was done; \`list\` names
those models. What the router with the highest revision holds is written above all of them. Steps come back paused. Needs
the role admin.`,
  examples: [
    { command: 'adopt playlists --reason "redis came back empty"', does: "heals one model" },
    { command: 'adopt --all --reason "redis came back empty"', does: "heals every model" },
  ],
  flags: [allFlag],
  read: ({ words }) => ({ models: words, change }),
});

export const adopt: Verb = {
  ...one,
  run: (given, session) =>
    given.has(allFlag) ? adoptAll(given, session) : one.run(given, session),
};

/** One that cannot be adopted does not keep the others from it. */
async function adoptAll(given: Given, session: Session): Promise<number> {
  if (given.words.length > 0) throw wrong("--all takes no MODEL");
  const options = readChangeOptions(given);
  if (options.request.expectRevision !== 0)
    throw wrong("--expect-rev is one model's: name the MODEL instead of --all");
  const { lost } = await session.admin.list();
  if (lost.length === 0)
    throw new ServingError(
      "FAILED_PRECONDITION",
      "nothing to adopt: the store has all that routers hold",
    );
  const { output, terminal } = session;
  const show: Output["show"] = (said, text) =>
    output.isForMachines ? output.showNext(said, text) : output.show(said, text);
  let worst = 0;
  for (const model of lost) {
    const making = makeChange({ model, change }, options, {
      ...session,
      output: { ...output, show },
    });
    const code = await making.catch((thrown: unknown) => {
      terminal.complain(`${model}: ${ServingError.from(thrown).message}\n`);
      return 1;
    });
    worst = Math.max(worst, code);
  }
  return worst;
}
