import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ExportOptions } from "../exporting/export-options.ts";
import type { GraphRunner } from "../exporting/graph-runner.ts";
import type { ModelFile } from "../onnx/decode/read-model-file.ts";
import { gatherWeights } from "./embed/body-weights.ts";
import { embedBody } from "./embed/embed-body.ts";
import { needsOf } from "./embed/prune.ts";
import { probeGraph } from "./graph/probe-graph.ts";
import { findVectorHead } from "./inspect/find-vector-head.ts";
import { comparedWith, zeroRows } from "./inspect/id-evidence.ts";
import { findItemIds, type ItemIds } from "./inspect/item-ids.ts";
import { readModel, type ReadModel } from "./inspect/read-model.ts";
import type { HeadWeights } from "./inspect/head-vectors.ts";
import type { Fact, ImportPlan, Said } from "./plan.ts";
import { describePlan } from "./describe-plan.ts";
import { chooseLengths } from "./try/choose-lengths.ts";
import { choosePadding } from "./try/choose-padding.ts";
import { findLongest } from "./try/longest.ts";
import { observeShape, type ObservedShape } from "./try/observe-shape.ts";
import { assertReadsHistory } from "./try/reads-history.ts";
import { tryPaddings } from "./try/padding-side.ts";

export interface ImportRequest {
  readonly file: ModelFile;
  /** Of the catalogue. */
  readonly items: number;
  readonly said: Said;
}

/** A graph of somebody else's, to be opened for the first time. */
export interface Rehearsal {
  readonly graph: string;
  /** Of it and its weights. */
  readonly bytes: number;
  /** Of a sequence that it takes, or may take. */
  readonly length: number;
}

export interface PlanOptions extends Pick<ExportOptions, "dir" | "open"> {
  /** Opens it and asks it once where neither can do harm; rejects with what keeps it from being opened here. */
  readonly rehearse?: (rehearsal: Rehearsal) => Promise<void>;
}

export interface OpenProbe extends AsyncDisposable {
  readonly runner: GraphRunner;
}

/** Opens the body alone, as the file has it. Rejects with what the runtime says of it. */
export async function openProbe(
  read: ReadModel,
  { dir, open, rehearse }: PlanOptions,
): Promise<OpenProbe> {
  const { model, inputs, output, findExternal } = read;
  const body = needsOf(model.graph, output.value);
  const weights = gatherWeights(body.initializers, "probe.bin", findExternal);
  await writeFile(join(dir, weights.file), weights.content);
  const path = join(dir, "probe.onnx");
  const graph = embedBody(probeGraph(inputs, output.value), { model, body, weights: [weights] });
  await writeFile(path, graph);
  const bytes = weights.content.reduce((sum, part) => sum + part.length, graph.length);
  await rehearse?.({ graph: path, bytes, length: inputs.sequence.length ?? 5 });
  try {
    const runner = await open(path);
    return { runner, [Symbol.asyncDispose]: () => runner.close() };
  } catch (cause) {
    throw new Error(notTaken((cause as Error).message), { cause });
  }
}

/** What to tell of a file that the runtime does not open, by what it says. */
export function notTaken(message: string): string {
  return `the runtime does not take it: ${message}; does it run in Python's onnxruntime? An operator that it does not have must be written with others before the export`;
}

/** Finds out, by reading and by trying, how a model is to be served. Throws an Error that says why it cannot be, and what would help. */
export async function makePlan(
  { file, items, said }: ImportRequest,
  options: PlanOptions,
): Promise<ImportPlan> {
  const read = readModel(file, said);
  await using probe = await openProbe(read, options);
  const observed = await observeShape(probe.runner, read.inputs, read.output.shown);
  const { head, value, isVectors } = headOf(read, { observed, items, said });
  const columns = isVectors ? rowsOf(head!, observed.width) : observed.width;
  const ids = idsOf(read, { items, columns, said });
  const { inputs } = read;
  const hasPositions = observed.shape.includes("length");
  const longest = inputs.sequence.length ?? (await findLongest(probe.runner, said.maxLength));
  const length = inputs.sequence.length ?? lengthToTry(longest, said.maxLength);
  const trial = {
    items,
    ...ids,
    length,
    hasPositions,
    columns: isVectors ? undefined : { from: ids.firstColumn, to: ids.firstColumn + items },
    isFixed: inputs.sequence.length !== undefined,
  };
  await assertReadsHistory(probe.runner, trial, said.lastItemOnly);
  const effects = await tryPaddings(probe.runner, trial);
  const padding = choosePadding({ effects, inputs, hasPositions, wanted: said.padding });
  const lengths = chooseLengths({ inputs, longest, padding, ids, items, wanted: said.maxLength });
  const largestBatch = inputs.sequence.batch === 1 || observed.isAlone ? 1 : undefined;
  const unknownId = said.unknownUser ?? 0;
  const user = { unknownId, firstId: said.firstUser ?? (unknownId === 0 ? 1 : 0) };
  const isLast = !isVectors && head !== undefined && read.head!.isLast;
  const serving = {
    items,
    inputs,
    value,
    shape: isLast ? ("[batch, length, width]" as const) : observed.shape,
    side: padding.side,
    // Where the file itself takes the last position, so does what stands in its place.
    lastOn: isLast ? ("left" as const) : padding.side,
    ...ids,
    user,
  };
  const plan = {
    read,
    inputs,
    items,
    ids,
    table: read.table,
    head,
    isVectors,
    hasPositions,
    value,
    serving,
    lengths,
    largestBatch,
  };
  const isLastItemOnly = said.lastItemOnly === true;
  const facts: readonly Fact[] = describePlan(plan, { padding, longest, isLastItemOnly });
  return { ...plan, facts };
}

/** Short enough to be quick, long enough that positions matter. */
const mostTried = 24;

function lengthToTry(longest: number | undefined, wanted: number | undefined): number {
  return Math.min(longest ?? mostTried, wanted ?? mostTried, mostTried);
}

interface Width {
  readonly observed: ObservedShape;
  readonly items: number;
  readonly said: Said;
}

function headOf(read: ReadModel, { observed, items, said }: Width): FoundHead {
  const { head, output } = read;
  if (head !== undefined && said.head === undefined)
    return { head, value: head.hidden, isVectors: false };
  const isScores = observed.width >= items && observed.width <= items + 2;
  const found =
    isScores && said.head === undefined
      ? undefined
      : findVectorHead(read, observed.width, said.head);
  return { head: found, value: output.value, isVectors: found !== undefined };
}

interface FoundHead {
  readonly head: HeadWeights | undefined;
  /** What it reads, or the scores. */
  readonly value: string;
  /** The file gives vectors and leaves the head to others. */
  readonly isVectors: boolean;
}

function rowsOf({ weight, isTransposed }: HeadWeights, width: number): number {
  const [first, second] = weight.dims;
  return first === width && !isTransposed ? second! : first!;
}

interface Columns {
  readonly items: number;
  readonly columns: number;
  readonly said: Said;
}

function idsOf(read: ReadModel, { items, columns, said }: Columns): ItemIds {
  const { table, index, inputs, findExternal } = read;
  return findItemIds({
    items,
    columns,
    tableRows: table?.rows,
    zeroRows: table === undefined ? [] : zeroRows(table, findExternal),
    comparedWith: comparedWith(index, inputs.sequence.name),
    firstId: said.firstId,
    paddingId: said.paddingId,
  });
}
