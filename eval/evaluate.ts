import { ServingError } from "../proto/serving-error.ts";
import { learn, type Learnt } from "./baselines/learn.ts";
import type { Dataset, PlaylistData, SequenceData } from "./data/dataset.ts";
import { drawUsers } from "./draw-users.ts";
import { judgeValidity } from "./judge-validity.ts";
import { measurePart } from "./measure-part.ts";
import type { Part } from "./protocols/part.ts";
import { playlistItems } from "./protocols/playlist.ts";
import type { Catalogue, ProtocolOptions } from "./protocols/protocol.ts";
import type { AnyProtocol } from "./protocols/protocols.ts";
import { askCatalogue } from "./questions/ask-catalogue.ts";
import { askAll } from "./questions/ask-all.ts";
import { findModel, type FoundModel } from "./questions/find-model.ts";
import { countLabels } from "./questions/labels.ts";
import type { Answered, Side } from "./questions/question.ts";
import { openService } from "./questions/service.ts";
import type { EvalResult, SideFacts } from "./result.ts";
import { standingsOf } from "./statistics/standings.ts";

export interface EvalPlan {
  readonly dataset: Dataset;
  readonly protocol: AnyProtocol;
  /** At least one; the first is what the others are compared with. */
  readonly sides: readonly Side[];
  /** Only so many users, drawn by the seed. Default: all. */
  readonly users?: number;
  readonly seed: number;
  /** Calls on their way at a time. */
  readonly inFlight: number;
  /** No user is told to the model: how newcomers are served. */
  readonly isAnonymous: boolean;
  readonly signal: AbortSignal;
  /** @param share Done, from 0 to 1. */
  onProgress(share: number): void;
}

/** Asks every side the same questions, and says what the answers are worth. */
export async function evaluate(plan: EvalPlan): Promise<EvalResult> {
  const startedMs = Date.now();
  const drawn = drawUsers(plan.dataset, plan);
  const learnt = learnFrom(plan);
  const asked = await askSides({ ...plan, drawn, learnt });
  const sides = asked.map(({ facts }) => facts);
  const parts = measureParts(asked, { plan, drawn, learnt });
  return {
    format: 1,
    started: new Date(startedMs).toISOString(),
    tookMs: Date.now() - startedMs,
    dataset: {
      name: drawn.name,
      users: sizeOf(drawn),
      allUsers: sizeOf(plan.dataset),
      items: learnt.items.length,
      notes: drawn.notes,
    },
    protocol: plan.protocol.name,
    seed: plan.seed,
    isAnonymous: plan.isAnonymous,
    sides,
    parts,
    standings: standingsOf(parts),
    ...judgeValidity(sides, asked[0]!.parts),
  };
}

interface AskedSide {
  readonly facts: SideFacts;
  readonly parts: readonly Part[];
  /** By part, by trial. */
  readonly answers: readonly (readonly Answered[])[];
}

/** One after the other, so that none slows another down. */
async function askSides(plan: SidesPlan): Promise<readonly AskedSide[]> {
  const { sides } = plan;
  // All of them before the first question: the last may not be there.
  const found = await Promise.all(sides.map((side) => findSide(side, plan)));
  const catalogue = await catalogueOf(plan, found[0]!);
  const asked: AskedSide[] = [];
  for (const [at, side] of sides.entries()) {
    const own = (share: number) => plan.onProgress((at + share) / sides.length);
    asked.push(await askSide(side, { ...plan, found: found[at]!, catalogue, onProgress: own }));
  }
  return asked;
}

interface SidesPlan extends EvalPlan {
  /** The users who are asked about. */
  readonly drawn: Dataset;
  readonly learnt: Learnt;
}

interface Measuring extends Pick<SidesPlan, "drawn" | "learnt"> {
  readonly plan: EvalPlan;
}

function measureParts(asked: readonly AskedSide[], { plan, drawn, learnt }: Measuring) {
  const [first] = asked;
  const kinds = drawn.kind === "sequences" ? drawn.kinds : undefined;
  return first!.parts.map((part, at) =>
    measurePart(part, {
      sides: asked.map(({ facts, answers }) => ({ name: facts.name, answers: answers[at]! })),
      learnt,
      ...(kinds && { kinds }),
      catalogueSize: first!.facts.itemCount || learnt.items.length,
      seed: plan.seed,
    }),
  );
}

async function findSide(side: Side, { signal }: EvalPlan): Promise<FoundModel> {
  using service = openService(side);
  return await findModel(service, side, signal);
}

/** Of the first side, whom the others are compared with. */
async function catalogueOf(
  { dataset, sides, signal }: EvalPlan,
  { itemCount }: FoundModel,
): Promise<Catalogue | undefined> {
  if (dataset.kind !== "playlists") return undefined;
  using service = openService(sides[0]!);
  return await askCatalogue(service, dataset, { itemCount, signal });
}

interface AskPlan extends SidesPlan {
  readonly catalogue: Catalogue | undefined;
  readonly found: FoundModel;
}

async function askSide(side: Side, plan: AskPlan): Promise<AskedSide> {
  using service = openService(side);
  const { protocol, drawn, catalogue, found, ...asked } = plan;
  const parts = partsOf(protocol, drawn, {
    ...asked,
    family: found.family,
    ...(catalogue && { catalogue }),
  });
  const questions = parts.flatMap(({ trials }) => trials.map(({ question }) => question));
  let answered = 0;
  const flat = await askAll(service, questions, {
    ...plan,
    onAnswered: () => plan.onProgress(++answered / questions.length),
  });
  let start = 0;
  const answers = parts.map(({ trials }) => flat.slice(start, (start += trials.length)));
  return { facts: factsOf(side, found, flat), parts, answers };
}

function factsOf(side: Side, found: FoundModel, answers: readonly Answered[]): SideFacts {
  const { name, target, model, version } = side;
  return { name, target, model, version, ...found, labels: countLabels(answers) };
}

function learnFrom({ dataset, protocol }: EvalPlan): Learnt {
  const { together } = protocol;
  if (dataset.kind === "sequences")
    return learn({ ...together, items: dataset.items, training: dataset.training });
  const training = dataset.training.map((tracks) => tracks.map(({ id }) => id));
  return learn({ ...together, items: playlistItems(dataset), training });
}

function partsOf(
  protocol: AnyProtocol,
  dataset: Dataset,
  options: ProtocolOptions,
): readonly Part[] {
  assertFits(protocol, dataset);
  return protocol.needs === "sequences"
    ? protocol.parts(dataset as SequenceData, options)
    : protocol.parts(dataset as PlaylistData, options);
}

/** Throws INVALID_ARGUMENT for data that cannot be asked about like this. */
export function assertFits({ name, needs }: AnyProtocol, dataset: Dataset): void {
  if (dataset.kind === needs) return;
  throw new ServingError(
    "INVALID_ARGUMENT",
    `--protocol ${name} needs ${needs}, and ${dataset.name} has ${dataset.kind}`,
  );
}

function sizeOf(dataset: Dataset): number {
  return dataset.kind === "sequences" ? dataset.cases.length : dataset.playlists.length;
}
