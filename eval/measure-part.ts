import type { Learnt } from "./baselines/learn.ts";
import { listFigures } from "./metrics/list-figures.ts";
import type { Part, Trial } from "./protocols/part.ts";
import type { Answered } from "./questions/question.ts";
import type { ListFigures, PartResult, Row, SeedRow } from "./result.ts";
import { ServingError } from "../proto/serving-error.ts";
import { bootstrap, type Column } from "./statistics/bootstrap.ts";
import { groupsOf, type Group } from "./statistics/groups.ts";
import { differencesOf } from "./statistics/differences.ts";
import { columnsIn, type Measured } from "./statistics/measured.ts";

/** The answers of one side, by trial. */
export interface SideAnswers {
  readonly name: string;
  readonly answers: readonly Answered[];
}

export interface MeasureOptions {
  readonly sides: readonly SideAnswers[];
  readonly learnt: Learnt;
  readonly kinds?: ReadonlyMap<string, readonly string[]>;
  readonly catalogueSize: number;
  readonly seed: number;
}

/** What the answers to a part's questions are worth. */
export function measurePart(part: Part, options: MeasureOptions): PartResult {
  const { sides, seed } = options;
  const users = 1 + Math.max(-1, ...part.trials.map(({ subject }) => subject));
  const measured = [
    ...sides.map((side) => measureSide(part, side, users)),
    ...part.baselines.map((name, at) => measureBaseline(part, { name, at, users })),
  ];
  const groups = groupsOf(part, sides[0]!.answers, users);
  return {
    key: part.key,
    title: part.title,
    notes: part.notes,
    metrics: part.metrics,
    users,
    rows: groups.flatMap((group) => measured.map((one) => rowOf(one, group, seed))),
    differences: groups.flatMap((group) => differencesOf(measured, group, seed)),
    seeds: sides.flatMap((side) => seedRows(part, side)),
    lists: part.isOpen ? measured.flatMap((one) => listsOf(one, options)) : [],
    ties: sides.map(
      ({ answers }) => part.trials.filter((trial, at) => isTied(trial, answers[at]!)).length,
    ),
  };
}

const nothing = { items: [] };

/** What failed found nothing; the result says that it is invalid. */
function replyOf(answer: Answered) {
  return answer instanceof ServingError ? nothing : answer;
}

function measureSide(part: Part, { name, answers }: SideAnswers, users: number): Measured {
  const replies = answers.map(replyOf);
  return {
    name,
    isBaseline: false,
    columns: columnsOf(part, users, (trial, at) => trial.judge(replies[at]!)),
    lists: replies.map(({ items }) => items.map(({ id }) => id)),
  };
}

interface BaselineAt {
  readonly name: string;
  readonly at: number;
  readonly users: number;
}

function measureBaseline(part: Part, { name, at, users }: BaselineAt): Measured {
  return {
    name,
    isBaseline: true,
    columns: columnsOf(part, users, ({ baselines }) => baselines[at]!),
    isSilent: silentUsers(part, at, users),
    lists: part.trials.map(({ baselineLists }) => {
      const list = baselineLists?.[at] ?? [];
      return list.length === 0 ? undefined : list;
    }),
  };
}

function silentUsers({ trials }: Part, at: number, users: number): readonly boolean[] {
  const isSilent = Array.from({ length: users }, () => true);
  for (const trial of trials) if (trial.isSilent?.[at] !== true) isSilent[trial.subject] = false;
  return isSilent;
}

/** The mean over the trials of each user. */
function columnsOf(
  { metrics, trials }: Part,
  users: number,
  judge: (trial: Trial, at: number) => readonly number[],
): readonly Column[] {
  const asked = new Float64Array(users);
  for (const { subject } of trials) asked[subject]! += 1;
  const columns = metrics.map(() => new Float64Array(users));
  for (const [at, trial] of trials.entries()) {
    const values = judge(trial, at);
    for (const [metric, column] of columns.entries())
      column[trial.subject]! += values[metric]! / asked[trial.subject]!;
  }
  return columns;
}

function rowOf(measured: Measured, group: Group, seed: number): Row {
  const own = columnsIn(measured, group);
  return {
    who: measured.name,
    isBaseline: measured.isBaseline,
    group: group.name,
    users: own[0]?.length ?? 0,
    values: bootstrap(own, seed),
  };
}

function seedRows({ trials, metrics }: Part, { name, answers }: SideAnswers): readonly SeedRow[] {
  const seeds = [...new Set(trials.flatMap(({ seed }) => seed ?? []))];
  return seeds.map((seed) => {
    const judged = trials.flatMap((trial, at) =>
      trial.seed === seed ? [trial.judge(replyOf(answers[at]!))] : [],
    );
    const means = metrics.map(
      (_, metric) => judged.reduce((sum, values) => sum + values[metric]!, 0) / judged.length,
    );
    return { who: name, seed, means };
  });
}

function listsOf({ name, lists }: Measured, options: MeasureOptions): readonly ListFigures[] {
  const known = lists.filter((list) => list !== undefined);
  return known.length === 0 ? [] : [listFigures(known, { ...options, who: name })];
}

function isTied(trial: Trial, answer: Answered): boolean {
  return trial.isTied?.(replyOf(answer)) ?? false;
}
