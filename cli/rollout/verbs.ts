import type { Verb } from "./verb.ts";
import { adopt } from "./verbs/adopt.ts";
import { apply } from "./verbs/apply.ts";
import { breakGlass } from "./verbs/break-glass.ts";
import { explain } from "./verbs/explain.ts";
import { forget } from "./verbs/forget.ts";
import { get } from "./verbs/get.ts";
import { history } from "./verbs/history.ts";
import { list } from "./verbs/list.ts";
import { abort, pause, promote, resume, undo } from "./verbs/moves.ts";
import { setKillSwitch } from "./verbs/set-kill-switch.ts";
import { setSteps } from "./verbs/set-steps.ts";
import { setVersion } from "./verbs/set-version.ts";
import { setWeight } from "./verbs/set-weight.ts";
import { simulate } from "./verbs/simulate.ts";
import { status } from "./verbs/status.ts";

/** In the order in which help lists them: looking, changing, and for when it burns. */
export const verbs: readonly Verb[] = [
  get,
  list,
  history,
  status,
  explain,
  simulate,
  setVersion,
  setWeight,
  setSteps,
  setKillSwitch,
  promote,
  pause,
  resume,
  abort,
  undo,
  apply,
  adopt,
  breakGlass,
  forget,
];
