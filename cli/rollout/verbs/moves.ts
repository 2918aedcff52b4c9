import { readRevision } from "../change-flags.ts";
import type { Flag } from "../../arguments/flag.ts";
import { mutation } from "./mutation.ts";

const fullFlag: Flag = {
  name: "--full",
  help: "past all steps: everybody gets the canary's version",
};

const forceFlag: Flag = {
  name: "--force",
  help: "although no server holds the canary's version, by what routers see",
};

export const promote = mutation({
  name: "promote",
  takes: "[MODEL]",
  summary: "goes to the next step; --full: everybody gets the canary's version",
  about: `Past a pause, or before a step has had its time. After the last step, or with --full, the canary's version becomes the stable
one and the canary is gone; undo brings both back. --full needs no steps: it ends a rollout that was made by hand. Refused while routers see servers and none of them holds the
canary's version, unless --force is given.`,
  examples: [
    { command: 'promote playlists --reason "looks good at 25%"', does: "the next step, now" },
    { command: 'promote playlists --full --reason "ship it" --wait', does: "the end, now" },
  ],
  flags: [fullFlag, forceFlag],
  read: (given) => ({
    models: given.words,
    change: {
      $case: "promote",
      value: { full: given.has(fullFlag), force: given.has(forceFlag) },
    },
  }),
});

export const pause = mutation({
  name: "pause",
  takes: "[MODEL]",
  summary: "lets steps stand still: weights stay, time stops",
  about: "What is left of the step's time is kept for resume. Nobody moves.",
  examples: [{ command: 'pause playlists --reason "looking at p99"', does: "stands still" }],
  read: ({ words }) => ({ models: words, change: { $case: "pause", value: {} } }),
});

export const resume = mutation({
  name: "resume",
  takes: "[MODEL]",
  summary: "lets paused steps go on, with what was left of the step",
  about: "At a step that pauses by itself, it goes to the next one, as promote does.",
  examples: [{ command: 'resume playlists --reason "p99 is fine"', does: "goes on" }],
  read: ({ words }) => ({ models: words, change: { $case: "resume", value: {} } }),
});

export const abort = mutation({
  name: "abort",
  takes: "[MODEL]",
  summary: "takes everybody back to the stable arm",
  about: `Users by bucket, by list and by kill switch alike; copies for a shadow arm end as well. Steps end. The other arms keep their
versions, without users, so that set weight or set steps can begin again. undo brings back what was before.`,
  examples: [{ command: 'abort playlists --reason "errors at 5%" --wait', does: "everybody back" }],
  read: ({ words }) => ({ models: words, change: { $case: "abort", value: {} } }),
});

const toRevisionFlag: Flag = {
  name: "--to-revision",
  value: "N",
  help: "what held at that revision (default: before the last change of the arms)",
};

export const undo = mutation({
  name: "undo",
  takes: "[MODEL]",
  summary: "brings back what was before the last change, or at a revision",
  about: `Exactly: the same users in the same arms with the same versions, lists and kill switch. It is a new revision with the old
content; undoing twice does it again, and it says which revision is one further back. Undoing a promotion goes back to
when some user had another version. Steps do not come back: nothing moves by itself after an undo.`,
  examples: [
    { command: 'undo playlists --reason "that was the wrong model"', does: "one change back" },
    { command: "undo playlists --to-revision 7 --dry-run", does: "what going back to 7 would do" },
  ],
  flags: [toRevisionFlag],
  read: (given) => ({
    models: given.words,
    change: { $case: "undo", value: { toRevision: readRevision(given, toRevisionFlag) } },
  }),
});
