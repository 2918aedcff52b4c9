import type { Flag } from "../../arguments/flag.ts";
import { modelIn, readDistribution } from "../read-distribution.ts";
import { wrong } from "../../arguments/wrong.ts";
import { mutation } from "./mutation.ts";

const fileFlag: Flag = {
  name: "--file",
  short: "-f",
  value: "FILE",
  help: "the distribution, in JSON or YAML; - is the standard input",
};

export const apply = mutation({
  name: "apply",
  takes: "-f FILE [MODEL]",
  summary: "sets a whole distribution: arms, buckets, lists, shadow, kill switch",
  about: `For what the other verbs do not do, such as user lists and shadow copies. The file is a distribution or what
\`get -o json\` or \`get -o yaml\` printed; its revision is not looked at. Steps end. With another salt all users are mixed
anew: look at --dry-run first. Needs the role admin.`,
  examples: [
    { command: "get playlists -o yaml > playlists.yaml", does: "what is so now" },
    {
      command: 'apply -f playlists.yaml --expect-rev 7 --reason "testers see 7"',
      does: "unless somebody was faster",
    },
  ],
  flags: [fileFlag],
  async read(given, { terminal }) {
    const path = given.value(fileFlag);
    if (path === undefined) throw wrong("say which file: -f FILE");
    const distributionJson = await readDistribution(path, terminal);
    const own = modelIn(distributionJson);
    const models = given.words.length === 0 && own !== undefined ? [own] : given.words;
    if (models.length === 0) throw wrong(`name the MODEL: ${path} names none`);
    return { models, change: { $case: "apply", value: { distributionJson } } };
  },
});
