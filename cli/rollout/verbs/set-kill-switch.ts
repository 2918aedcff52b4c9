import { wrong } from "../../arguments/wrong.ts";
import { mutation } from "./mutation.ts";

export const setKillSwitch = mutation({
  name: "set kill-switch",
  takes: "ARM|off [MODEL]",
  summary: "sends every query to one arm at once, whatever else is set; or no longer",
  about: `The weights stay as they are and hold again after "off". Steps that run are paused, and stay paused when it is off: resume
them when you are sure. Callers who ask for a version of their own are refused while it is on.`,
  examples: [
    {
      command: 'set kill-switch stable playlists --reason "canary returns nonsense" --wait',
      does: "everybody on the stable arm, now, on every router",
    },
    { command: 'set kill-switch off playlists --reason "fixed"', does: "the weights hold again" },
  ],
  read({ words: [arm, ...models] }) {
    if (arm === undefined) throw wrong("say which arm gets everybody, or off");
    const value = { arm: arm === "off" ? "" : arm };
    return { models, change: { $case: "setKillSwitch", value } };
  },
});
