import type { GetRolloutResponse } from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import type { Flag } from "../../arguments/flag.ts";
import { modelOf } from "../model-of.ts";
import { progressOf } from "../router-progress.ts";
import { unheldArms } from "../unheld-arms.ts";
import { standingOf, standings } from "../standing.ts";
import type { Verb } from "../verb.ts";
import { stateText } from "../views/state-text.ts";

const exitCodeFlag: Flag = {
  name: "--exit-code",
  help: "exit with a code of its own for each answer, for scripts",
};

export const status: Verb = {
  name: "status",
  takes: "[MODEL]",
  summary: "says in a word how a rollout stands; --exit-code for scripts",
  about: `With --exit-code it exits with

  0  healthy            by hand or promoted, and every router has it
  3  progressing        steps run
  4  paused             until somebody promotes or resumes
  5  aborted            everybody is on the stable arm
  6  routers behind     one has another revision, is silent, or contradicts it
  7  store down         it cannot be reached, or lost what routers hold
  8  kill switch        every query goes to one arm
  9  arm lowered        by break-glass, on one router at least
 10  held by no server  the version of an arm that has users

As always, 1 is a failure and 2 a wrong call. Of several answers it is the worst: 7, 6, 10, 9, 8, 5, 4, 3.`,
  examples: [
    {
      command: "status playlists --exit-code",
      does: "while it exits with 3, steps run",
    },
  ],
  flags: [exitCodeFlag],
  async run(given, { admin, output }) {
    const model = await modelOf(given.words, admin);
    const found = await admin.get(model);
    const standing = standingOf(found);
    const problems = problemsOf(found);
    const said = { model, revision: found.rollout?.revision, standing, problems };
    await output.show(said, ({ nowMs }) => {
      const { rollout } = found;
      const state = rollout && `; revision ${rollout.revision}, ${stateText(rollout, nowMs)}`;
      return [`${model}: ${standing}${state}`, ...problems].map((line) => `${line}\n`).join("");
    });
    return given.has(exitCodeFlag) ? standings[standing] : 0;
  },
};

function problemsOf(found: GetRolloutResponse): readonly string[] {
  const { rollout, routers } = found;
  const lowered = routers.flatMap((router) =>
    router.lowered === undefined
      ? []
      : [`${router.router} alone has ${router.lowered.arm} lowered: ${router.lowered.reason}`],
  );
  const unheld = (rollout === undefined ? [] : unheldArms(rollout)).map(
    ({ name, version }) => `no server holds version ${version}, which the arm ${name} wants`,
  );
  return [...progressOf(found, rollout?.revision ?? 0).missing, ...unheld, ...lowered];
}
