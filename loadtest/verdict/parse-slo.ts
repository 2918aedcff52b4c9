import { isAlias, isMap, isScalar, LineCounter, parseDocument, type Node } from "yaml";
import { objectiveKind, whyNoObjective } from "./objective-kinds.ts";
import type { Objective, Scope, Slo } from "./slo.ts";

export type ParsedSlo = { readonly slo: Slo } | { readonly problems: readonly string[] };

/** Failed calls that a run may have when slo.yaml says nothing of errors: latency is that of answered calls only. */
const impliedErrors = 0.01;

/** What is asked of a run of which nothing is asked. */
export const impliedSlo: Slo = {
  objectives: [{ of: { kind: "all" }, limit: { measure: "errors", most: impliedErrors } }],
};

const parts: Readonly<Record<string, "arm" | "backend">> = { arms: "arm", backends: "backend" };

/**
 * Reads slo.yaml. Nothing in it is ignored: what is unknown, misspelt, without a unit or written twice is a problem,
 * with its line; all of them are told at once.
 */
export function parseSlo(text: string, file: string): ParsedSlo {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const where = (offset: number) => `${file}:${lines.linePos(offset).line}`;
  const problems = document.errors.map(({ pos, message }) => `${where(pos[0])}: ${message}`);
  if (problems.length > 0) return { problems };

  const reader: Reader = {
    where: (node) => where(node.range?.[0] ?? 0),
    resolve: (node) => (isAlias(node) ? node.resolve(document) : node),
    complain: (node, message) => void problems.push(`${reader.where(node)}: ${message}`),
  };
  const objectives = readAll(document.contents, reader);
  if (problems.length > 0) return { problems };
  if (objectives.length > 0) return { slo: { objectives: withImpliedErrors(objectives) } };
  return { problems: [`${file}:1: it must hold objectives, e.g. "p99: 25ms"`] };
}

interface Reader {
  where(node: Node): string;
  /** What an alias (`*name`) stands for. */
  resolve(node: Node | null): Node | null | undefined;
  complain(node: Node, message: string): void;
}

interface Entry {
  readonly key: string;
  readonly keyNode: Node;
  readonly value: Node | null | undefined;
}

function entriesOf(map: Node | null, reader: Reader): Entry[] {
  if (!isMap<Node, Node | null>(map)) return [];
  return map.items.flatMap(({ key, value }) => {
    const text = textOf(key);
    if (text !== undefined) return [{ key: text, keyNode: key, value: reader.resolve(value) }];
    reader.complain(key, "a key must be plain text");
    return [];
  });
}

/** As it was written, so that 0.10 is not 0.1 in a message. */
function textOf(node: Node | null | undefined): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  return node.source ?? JSON.stringify(node.value);
}

function readAll(root: Node | null, reader: Reader): Objective[] {
  return entriesOf(root, reader).flatMap((entry) => {
    const kind = Object.hasOwn(parts, entry.key) ? parts[entry.key] : undefined;
    if (kind !== undefined) return readParts(entry, kind, reader);
    return readObjective(entry, { kind: "all" }, reader);
  });
}

/** `arms:` or `backends:`. */
function readParts(entry: Entry, kind: "arm" | "backend", reader: Reader): Objective[] {
  if (!isMap(entry.value)) {
    reader.complain(entry.keyNode, `${entry.key} must hold names, each with its objectives`);
    return [];
  }
  return entriesOf(entry.value, reader).flatMap(({ key: name, keyNode, value }) => {
    if (!isMap(value)) {
      reader.complain(keyNode, `${kind} ${name} must hold objectives, e.g. "p99: 25ms"`);
      return [];
    }
    return entriesOf(value, reader).flatMap((one) => readObjective(one, { kind, name }, reader));
  });
}

function readObjective({ key, keyNode, value }: Entry, of: Scope, reader: Reader): Objective[] {
  const kind = objectiveKind(key);
  if (kind === undefined || (of.kind !== "all" && !kind.ofParts)) {
    reader.complain(keyNode, whyNoObjective(key, of));
    return [];
  }
  const text = textOf(value)?.trim();
  const limit = text === undefined ? undefined : kind.read(text);
  if (limit !== undefined) return [{ of, limit, where: reader.where(keyNode) }];
  const found = text === undefined ? "not a single value" : `"${text}"`;
  reader.complain(keyNode, `${key} is ${found}; it must be ${kind.allowed}`);
  return [];
}

/** So that nobody passes by failing whatever would be slow. */
function withImpliedErrors(objectives: readonly Objective[]): readonly Objective[] {
  if (objectives.some(({ limit }) => limit.measure === "errors")) return objectives;
  return [...objectives, ...impliedSlo.objectives];
}
