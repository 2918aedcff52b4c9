import { duplicateKeys } from "../bundle/duplicate-keys.ts";

/** Number types of safetensors that are read as float32. */
export const bytesOfType = { F32: 4, F16: 2, BF16: 2 } as const;
export type FloatType = keyof typeof bytesOfType;

export interface TensorEntry {
  readonly type: FloatType;
  readonly shape: readonly number[];
  /** First byte and the one behind the last, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** What the writer noted about the file. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Models of this family have dozens; every one costs memory and time before anything of it is read. */
const maxTensors = 10_000;
const maxRank = 8;
const maxNameChars = 256;

/**
 * Every number of a header is checked against the file before anything is allocated by it.
 * @param dataBytes How many bytes the file has behind its header.
 * @param problems Takes all that is wrong; the result then means nothing.
 */
export function parseHeader(json: string, dataBytes: number, problems: string[]): Header {
  const value = parseObject(json, problems);
  const { __metadata__: metadata = {}, ...rest } = value;
  const tensors = new Map<string, TensorEntry>();
  const entries = Object.entries(rest);
  if (entries.length > maxTensors) {
    const count = entries.length.toLocaleString("en");
    problems.push(`it names ${count} tensors; at most ${maxTensors.toLocaleString("en")} are read`);
    return { tensors, metadata: {} };
  }
  problems.push(
    ...duplicateKeys(problems.length === 0 ? json : "{}")
      .slice(0, maxTensors)
      .map((key) => `${shown(key)} is named twice`),
  );
  for (const [name, entry] of entries) {
    const read = readEntry(name, entry, problems);
    if (read !== undefined) tensors.set(name, read);
  }
  if (problems.length === 0) problems.push(...misplaced(tensors, dataBytes));
  return { tensors, metadata: readMetadata(metadata, problems) };
}

function parseObject(json: string, problems: string[]): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    if (isObject(value)) return value;
    problems.push(`its header is ${shown(value)}, not an object`);
  } catch (error) {
    problems.push(`its header is no JSON: ${(error as Error).message}`);
  }
  return {};
}

function readMetadata(value: unknown, problems: string[]): Readonly<Record<string, string>> {
  const isFlat = isObject(value) && Object.values(value).every((one) => typeof one === "string");
  if (!isFlat) problems.push(`__metadata__ is ${shown(value)}, where texts by name are needed`);
  return isFlat ? (value as Record<string, string>) : {};
}

function readEntry(name: string, value: unknown, problems: string[]): TensorEntry | undefined {
  const before = problems.length;
  const complain = (problem: string) => problems.push(`tensor ${shown(name)} ${problem}`);
  if (name === "" || name.length > maxNameChars)
    complain(`has a name of ${name.length} characters; 1 to ${maxNameChars} are allowed`);
  const { dtype, shape, data_offsets: offsets } = isObject(value) ? value : {};
  if (typeof dtype !== "string" || !Object.hasOwn(bytesOfType, dtype))
    complain(
      `has dtype ${shown(dtype)}; this reader knows ${Object.keys(bytesOfType).join(", ")}: save it as float32`,
    );
  if (!isSizes(shape) || shape.length > maxRank)
    complain(`has shape ${shown(shape)}; up to ${maxRank} whole numbers from 0 are needed`);
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!)
    complain(`has data_offsets ${shown(offsets)}; a begin and an end are needed`);
  if (problems.length > before) return undefined;

  const entry: TensorEntry = {
    type: dtype as FloatType,
    shape: shape as number[],
    begin: (offsets as number[])[0]!,
    end: (offsets as number[])[1]!,
  };
  const needed = elementsOf(entry.shape) * bytesOfType[entry.type];
  const found = entry.end - entry.begin;
  if (needed !== found)
    complain(
      `is ${entry.type} [${entry.shape.join(", ")}], which takes ${needed} bytes, and has ${found}`,
    );
  return problems.length > before ? undefined : entry;
}

/** Tensors must fill the data without a gap and without sharing a byte. */
function misplaced(tensors: Header["tensors"], dataBytes: number): readonly string[] {
  const problems: string[] = [];
  let [at, before] = [0, "the header"];
  for (const [name, { begin, end }] of inOrder(tensors)) {
    if (begin < at) problems.push(`tensor ${shown(name)} begins inside ${before}`);
    if (begin > at) problems.push(`bytes ${at} to ${begin} belong to no tensor`);
    if (end > dataBytes)
      problems.push(`tensor ${shown(name)} ends at byte ${end} of ${dataBytes} that there are`);
    if (end >= at) [at, before] = [end, `tensor ${shown(name)}`];
  }
  if (at < dataBytes) problems.push(`bytes ${at} to ${dataBytes} belong to no tensor`);
  return problems;
}

function inOrder(tensors: Header["tensors"]): readonly (readonly [string, TensorEntry])[] {
  return [...tensors].toSorted(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
}

/** More than a number can count exactly is more than any file has bytes. */
export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function isSizes(value: unknown): value is number[] {
  return (
    Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && Number(size) >= 0)
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
