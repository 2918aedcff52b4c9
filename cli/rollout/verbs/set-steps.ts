import { parseBasisPoints } from "../../../router/rollout/basis-points-text.ts";
import { parseDuration } from "../../../router/rollout/duration-text.ts";
import { parseSteps } from "../../../router/rollout/steps-text.ts";
import { wrong } from "../../arguments/wrong.ts";
import { mutation } from "./mutation.ts";

export const setSteps = mutation({
  name: "set steps",
  takes: '"WEIGHT TIME, WEIGHT pause, …" [MODEL]',
  summary: "lets the canary grow by itself, and stop where it shall pause",
  about: `A step is a weight and how long it stays (90s, 10m, 2h, 1d), or pause: until somebody promotes or resumes. It begins with
the first step at once. After the last one's time the canary is promoted in full, so end with a pause if somebody shall
look first. Nothing goes on by itself while the store is down or a kill switch is on, and a step that comes late has its
whole time from then on.`,
  examples: [
    {
      command:
        'set steps "100bp 10m, 500bp 30m, 2500bp pause, 10000bp" playlists --reason "version 7"',
      does: "1% for 10 minutes, 5% for 30, 25% until somebody promotes, then everybody",
    },
  ],
  read({ words }) {
    const steps = words.filter(isPartOfSteps);
    if (steps.length === 0) throw wrong('say which steps, e.g. "100bp 10m, 500bp pause"');
    const read = parseSteps(steps.join(" ")).map(({ weight, dwell }) => ({
      basisPoints: weight,
      dwellMs: dwell === "pause" ? 0 : dwell,
      pause: dwell === "pause",
    }));
    return {
      models: words.filter((word) => !isPartOfSteps(word)),
      change: { $case: "setSteps", value: { steps: read } },
    };
  },
});

/** With or without quotes around all of it. */
function isPartOfSteps(word: string): boolean {
  if (word === "pause" || /[\s,%]/.test(word)) return true;
  return parseBasisPoints(word) !== undefined || parseDuration(word) !== undefined;
}
