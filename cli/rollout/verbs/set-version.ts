import { wrong } from "../../arguments/wrong.ts";
import { mutation } from "./mutation.ts";

export const setVersion = mutation({
  name: "set version",
  takes: "ARM=VERSION [MODEL]",
  summary: "gives an arm another version; adds the arm, with no users, if there is none",
  about: `Only an arm that has no users can change its version: who has the old one keeps it until you move him. With a broken
canary and its repair at hand: abort, set version, set weight. Another version for everybody at once is set on the
canary, and promoted with --full. When everybody is on the stable arm this begins a new rollout, in which other users
than last time come first. For a model without a rollout, stable=VERSION begins one.`,
  examples: [
    {
      command: 'set version canary=7 playlists --reason "retrained on May"',
      does: "version 7 has an arm, and no users yet",
    },
    {
      command: 'set version stable=6 films --reason "first rollout"',
      does: "pins what films serves to version 6",
    },
  ],
  read({ words }) {
    const pairs = words.filter((word) => word.includes("="));
    const [, arm, version] = /^([^=]+)=(.+)$/.exec(pairs[0] ?? "") ?? [];
    if (arm === undefined || version === undefined || pairs.length > 1)
      throw wrong("say which arm gets which version, one at a time, e.g. canary=7");
    return {
      models: words.filter((word) => !word.includes("=")),
      change: { $case: "setVersion", value: { arm, version } },
    };
  },
});
