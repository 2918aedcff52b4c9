import type { LowerArmResponse } from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { lowerReply } from "../../../server/control/admin/json-replies.ts";
import { bucketCount } from "../../../router/bucket.ts";
import { formatBasisPoints } from "../../../router/rollout/basis-points-text.ts";
import { readTime } from "../../arguments/read-time.ts";
import { dryRunFlag, reasonFlag, reasonOf } from "../change-flags.ts";
import type { Flag } from "../../arguments/flag.ts";
import { modelOf } from "../model-of.ts";
import { isWeight, readWeights, resolveWeights } from "../read-weights.ts";
import { plain } from "../plain.ts";
import type { Verb } from "../verb.ts";
import { wrong } from "../../arguments/wrong.ts";

const forFlag: Flag = { name: "--for", value: "TIME", help: "how long, at most 24h (default 1h)" };
const endFlag: Flag = { name: "--end", help: "ends what was lowered: give the arm as ARM" };
const standardMs = 3_600_000;

export const breakGlass: Verb = {
  name: "break-glass",
  takes: "ARM=WEIGHT [MODEL]",
  summary: "lowers an arm on one router alone, for when the store is down",
  about: `Only the router at --admin, only downwards, never the stable arm, and not for long: the arm then has at most so much there,
no users of its list and no shadow copies, and the stable arm takes the rest. It outlives a restart. It ends by itself when
the time has passed, or when a change comes that gives the arm no more than that; any other change is lowered as well. Do it
on each router. When the store is back, write down what you want with set weight or abort.`,
  examples: [
    {
      command: 'break-glass canary=0bp playlists --for 30m --reason "canary burns, redis is down"',
      does: "this router sends no user to the canary for half an hour",
    },
    { command: "break-glass canary=0bp playlists --dry-run", does: "whether that could be done" },
    { command: 'break-glass canary playlists --end --reason "over"', does: "as it was" },
  ],
  flags: [forFlag, endFlag, reasonFlag, dryRunFlag],
  async run(given, { admin, output }) {
    const dryRun = given.has(dryRunFlag);
    const reason = reasonOf(given, dryRun);
    const isEnd = given.has(endFlag);
    const { weights, names } = wordsOf(given.words, isEnd);
    const written = readWeights(weights);
    const ttlMs = isEnd ? 0 : (readTime(given, forFlag) ?? standardMs);
    const model = await modelOf(names, admin);
    const asked = await resolveWeights(written, model, admin);
    const [[arm, basisPoints] = ["", 0], ...others] = Object.entries(asked);
    if (others.length > 0) throw wrong("one arm at a time");
    const lowered = await admin.lower({ model, arm, basisPoints, ttlMs, reason, dryRun });
    await output.show(plain(lowerReply, lowered), () => {
      const until = lowered.lowered?.until?.toISOString() ?? "";
      const what = isEnd
        ? `${arm} as the distribution says`
        : `${arm} at most ${formatBasisPoints(basisPoints)} until ${until}`;
      return `${lowered.router} alone: ${what}\n${asideOf(lowered, dryRun)}`;
    });
    return 0;
  },
};

function asideOf({ isNoted }: LowerArmResponse, isDryRun: boolean): string {
  if (isDryRun) return "dry run: nothing was done\n";
  return isNoted ? "" : "the history will have it when the store can be reached again\n";
}

interface Words {
  readonly weights: readonly string[];
  readonly names: readonly string[];
}

function wordsOf(words: readonly string[], isEnd: boolean): Words {
  const weights = words.filter(isWeight);
  const names = words.filter((word) => !isWeight(word));
  if (!isEnd && weights.length === 0) throw wrong("say how low, e.g. canary=0bp");
  if (!isEnd) return { weights, names };
  const [arm, ...models] = names;
  if (arm === undefined || weights.length > 0) throw wrong("say which arm, e.g. canary --end");
  return { weights: [`${arm}=${formatBasisPoints(bucketCount)}`], names: models };
}
