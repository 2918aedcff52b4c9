import {
  StoreState,
  type GetRolloutResponse,
  type ListRolloutsResponse,
  type Rollout,
  type RouterState,
} from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { formatBasisPoints } from "../../../router/rollout/basis-points-text.ts";
import type { Distribution } from "../../../router/distribution.ts";
import type { Look } from "../output.ts";
import type { Style } from "../../terminal/style.ts";
import { silenceText } from "../router-progress.ts";
import { count, percent } from "./numbers.ts";
import { isOffBucket, sharesOf } from "./shares.ts";
import { stateText, stepText } from "./state-text.ts";
import { renderTable, type Cell, type Column } from "./table.ts";
import { ago, roughly } from "./times.ts";

/** What `get` shows: the arms, the routers, and who changed it last. */
export function statusView(status: GetRolloutResponse, look: Look): string {
  const { rollout } = status;
  if (rollout === undefined) return "";
  const parts = [
    headline(status, rollout, look),
    armsTable(status, rollout, look),
    routersTable(status, rollout, look),
    lastChange(rollout, look),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function headline({ store, unreadable }: GetRolloutResponse, rollout: Rollout, look: Look): string {
  const { style, nowMs } = look;
  const { model, revision, killSwitch, steps, step } = rollout;
  const state = stateText(rollout, nowMs);
  const lines = [`${style.bold(model)}   revision ${revision}   ${state}`];
  if (steps.length > 0) {
    const each = steps.map((one, i) =>
      i === step ? style.bold(`[${stepText(one)}]`) : stepText(one),
    );
    lines.push(`steps   ${each.join(", ")}`);
  }
  lines.push(...asides(documentOf(rollout)));
  if (killSwitch !== "")
    lines.push(style.bad(`KILL SWITCH: everybody goes to ${killSwitch}, whatever the weights are`));
  if (unreadable !== "")
    lines.push(
      style.bad(`${unreadable}; this is what one router holds, and nothing can be changed`),
    );
  else if (store !== StoreState.OK) lines.push(style.bad(storeText({ store, lost: [model] })));
  return lines.map((line) => `${line}\n`).join("");
}

/** @param lost The models that are meant: the others can be changed. */
export function storeText({ store, lost }: Pick<ListRolloutsResponse, "store" | "lost">): string {
  return store === StoreState.BEHIND
    ? `the store lost what routers hold of ${lost.join(", ")}: no change of that until \`crossfade rollout adopt ${lost.length === 1 ? lost[0] : "--all"}\``
    : "the store cannot be reached: this is what one router alone knows; nothing can be changed but by break-glass";
}

function armsTable(status: GetRolloutResponse, rollout: Rollout, look: Look): string {
  const { style, isWide } = look;
  const shares = sharesOf(status);
  const isJudged = !isOffBucket(status);
  const columns: Column[] = [
    { title: "ARM" },
    { title: "VERSION" },
    { title: "WEIGHT", align: "right" },
    { title: "USERS SEEN", align: "right" },
    { title: "SHARE", align: "right" },
    { title: "" },
    ...(isWide ? [{ title: "BUCKETS" }] : []),
  ];
  const ranges = isWide ? rangesOf(rollout) : new Map<string, string>();
  const rows = rollout.arms.map(({ name, version, basisPoints, isUnheld }, i): Cell[] => {
    const { users, share, verdict } = shares[i]!;
    const judged = isUnheld
      ? { text: "held by no server", paint: style.bad }
      : isJudged
        ? verdicts(style)[verdict]
        : "";
    const weight = formatBasisPoints(basisPoints);
    const seen = users > 0 ? percent(share) : "-";
    const cells: Cell[] = [name, version, weight, count(users), seen, judged];
    return isWide ? [...cells, ranges.get(name) ?? ""] : cells;
  });
  return renderTable(columns, rows);
}

const verdicts = ({ dim, bad }: Style) => ({
  fits: "",
  differs: { text: "differs from its weight", paint: bad },
  "too few": { text: "too few to judge", paint: dim },
});

/** What the arms alone do not show. */
function asides({ users = {}, shadow }: Partial<Distribution>): readonly string[] {
  const listed = Object.keys(users).length;
  return [
    ...(listed > 0
      ? [`lists   ${count(listed)} ${listed === 1 ? "user has an arm" : "users have arms"} by name`]
      : []),
    ...(shadow === undefined
      ? []
      : [
          `shadow  ${formatBasisPoints(shadow.basisPoints)} of the other arms' queries are copied to ${shadow.arm}`,
        ]),
  ];
}

/** Empty where a router of another build says nothing of it. */
function documentOf({ distributionJson }: Rollout): Partial<Distribution> {
  return JSON.parse(distributionJson || "{}") as Partial<Distribution>;
}

function rangesOf(rollout: Rollout): ReadonlyMap<string, string> {
  const { arms = [] } = documentOf(rollout);
  return new Map(
    arms.map(({ name, ranges }) => [
      name,
      ranges.map(([start, end]) => `${start}-${end - 1}`).join(" "),
    ]),
  );
}

function routersTable({ routers }: GetRolloutResponse, { revision }: Rollout, look: Look): string {
  const { isWide, nowMs } = look;
  if (routers.length === 0) return "no router reports that it is alive\n";
  const columns: Column[] = [
    { title: "ROUTER" },
    { title: "REVISION", align: "right" },
    { title: "APPLIED" },
    { title: "REPORTED" },
    ...(isWide ? [{ title: "CONTRADICTIONS", align: "right" as const }] : []),
    { title: "" },
  ];
  const rows = routers.map((router): Cell[] => [
    router.router,
    String(router.revision),
    ago(router.applied, nowMs),
    `${roughly(router.silentMs)} ago`,
    ...(isWide ? [count(router.contradictions)] : []),
    remark(router, revision, look),
  ]);
  return renderTable(columns, rows);
}

function remark(router: RouterState, revision: number, { style }: Look): Cell {
  const { contradictions, lowered } = router;
  const remarks = [
    ...(router.isSilent ? [silenceText(router)] : []),
    ...(router.revision < revision && !router.isSilent ? ["behind"] : []),
    ...(router.revision > revision ? ["ahead"] : []),
    ...(contradictions > 0 ? [`${count(contradictions)} queries went to another arm`] : []),
    ...(lowered === undefined
      ? []
      : [
          `${lowered.arm} lowered to ${formatBasisPoints(lowered.basisPoints)} until ${lowered.until?.toISOString()} by ${lowered.by}: ${lowered.reason}`,
        ]),
  ];
  return {
    text: remarks.join("; "),
    paint: contradictions > 0 || router.isSilent ? style.bad : style.careful,
  };
}

function lastChange({ changed }: Rollout, { style, isWide, nowMs }: Look): string {
  if (changed === undefined) return "";
  const { verb, by, from, reason, time, auditId } = changed;
  const line = `changed ${ago(time, nowMs)} by ${by} from ${from}: ${verb}: ${reason}`;
  const audit = isWide ? `audit id ${auditId}, ${time?.toISOString()}\n` : "";
  return `${style.dim(line)}\n${audit}`;
}
