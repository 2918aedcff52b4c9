import { flagColumns } from "../arguments/help-columns.ts";
import { namedVerb, verbHelp, verbList } from "../verbs/verb-help.ts";
import { connectionFlags } from "./connection.ts";
import { generalFlags } from "./general-flags.ts";
import { verbs } from "./verbs.ts";

const general = [...generalFlags, ...connectionFlags];

/** What `crossfade rollout ARGS --help` prints: of the verb that is named, else of all. */
export function rolloutHelp(args: readonly string[] = []): string {
  const verb = namedVerb(verbs, args);
  return verb === undefined
    ? overview()
    : verbHelp(verb, { command: "crossfade rollout", general });
}

function overview(): string {
  return `Says who gets which version of a model, and changes that on every router.

  crossfade rollout VERB [options] [MODEL]

${verbList(verbs)}

MODEL may be left out where there is only one. \`crossfade rollout VERB --help\` teaches each verb.

A first rollout, from version 6 to 7:

  crossfade rollout set version stable=6 playlists --reason "begin"
  crossfade rollout set version canary=7 playlists --reason "retrained"
  crossfade rollout set steps "1% 10m, 5% 30m, 25% pause, 100%" playlists --reason "version 7"
  crossfade rollout get playlists -w
  crossfade rollout promote playlists --reason "25% look good"     or, when they do not:
  crossfade rollout abort playlists --reason "errors"

${flagColumns(general)}

Exit codes: 0 done, 1 failed, 2 called wrongly; \`status --exit-code\` has more.
`;
}
