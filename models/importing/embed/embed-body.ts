import {
  bytesField,
  integerField,
  joinFields,
  textField,
} from "../../onnx/decode/encode-fields.ts";
import { readFields } from "../../onnx/decode/fields.ts";
import type { Field } from "../../onnx/decode/fields.ts";
import { declareTable } from "../../ranking/graph/tables.ts";
import { buildGraph } from "../../onnx/build-graph.ts";
import type { ItemTable } from "../inspect/find-item-table.ts";
import { importedFiles } from "../parts.ts";
import type { DecodedModel } from "../../onnx/decode/model.ts";
import { domainsOf, encodeGraph } from "../../onnx/encode-model.ts";
import type { Graph } from "../../onnx/graph.ts";
import { atOpset } from "./at-opset.ts";
import { pointedAt, type BodyWeights } from "./body-weights.ts";
import { namesIn, renamed } from "./names.ts";
import { bodyDomain, placeBody, type Written } from "./place-body.ts";
import type { Pruned } from "./prune.ts";
import { renameInNode, renameInTensor } from "./rename-fields.ts";

const mark = "their/";

/** How a graph of ours calls a value of the body, whose own name may be one that ours has as well. */
export function theirs(name: string): string {
  return mark + name;
}

export interface Embedding {
  readonly model: DecodedModel;
  /** What of the model's graph is needed. */
  readonly body: Pruned;
  /** Files for what is too large for the graph. */
  readonly weights: readonly BodyWeights[];
  /** A look-up in a table of float32 that becomes one in a table of int8. */
  readonly smallTable?: ItemTable | undefined;
}

const tableFiles = { int8: importedFiles.tableCodes, scales: importedFiles.tableScales };

/**
 * A model that is a graph of ours with somebody else's in it. Their nodes go in byte for byte, but for names that ours needs;
 * everything else that their file says of itself stays.
 */
export function embedBody(ours: Graph, embedding: Embedding): Uint8Array<ArrayBuffer> {
  const { model } = embedding;
  const taken = namesIn(model.graph);
  const prefix = freePrefix(taken);
  const ends = new Set([...ours.inputs, ...ours.outputs].map(({ name }) => name));
  const moved = new Map(
    [...taken].filter((name) => ends.has(name)).map((name) => [name, `${prefix}${mark}${name}`]),
  );
  const nameOf = (name: string): string => {
    const their = name.startsWith(mark) ? name.slice(mark.length) : undefined;
    if (their !== undefined) return moved.get(their) ?? their;
    return ends.has(name) ? name : prefix + name;
  };
  const opset = model.opsets.find(({ domain }) => domain === "")!.version;
  const graph = atOpset(renamed(ours, nameOf), opset);
  return joinFields(
    withGraph(model, domainsOf(graph), [
      ...partsOf(graph, { ...embedding, moved, small: smallLookup(embedding, prefix, moved) }),
      ...model.graph.fields.filter(({ number }) => !writtenAnew.has(number)),
      textField(2, model.graph.name === "" ? "imported" : model.graph.name),
    ]),
  );
}

/** Something that none of their names begins with. */
function freePrefix(names: ReadonlySet<string>): string {
  for (let i = 0; ; i++) {
    const prefix = i === 0 ? "crossfade/" : `crossfade${i}/`;
    if (![...names].some((name) => name.startsWith(prefix))) return prefix;
  }
}

interface Parts extends Omit<Embedding, "model"> {
  readonly small: readonly Field[];
  /** Their names that ours needs, and what they are instead. */
  readonly moved: ReadonlyMap<string, string>;
}

const nodeField = 1;
const nameField = 2;
const initializerField = 5;
/** With the ends of the graph, and what is said of the values inside: some of them are not there any more. */
const writtenAnew = new Set([nodeField, nameField, initializerField, 11, 12, 13, 14]);

/** Two numbers stand for the same field in one message, so the parts of both graphs can follow each other. */
function partsOf(graph: Graph, { moved, body, weights, small, smallTable }: Parts): Written[] {
  const own = readFields(encodeGraph(graph), "a graph").filter(
    ({ number }) => number !== nameField,
  );
  const nodes = body.nodes.flatMap((node): readonly Written[] => {
    if (node === smallTable?.lookup) return small.filter(({ number }) => number === nodeField);
    const { field } = node;
    const message = renameInNode(field.value, moved);
    return [message === field.value ? field : bytesField(nodeField, message)];
  });
  return [
    ...placeBody(graph, own, nodes),
    ...small.filter(({ number }) => number === initializerField),
    ...body.initializers.map(({ name, field }) => {
      const message = renameInTensor(field.value, moved);
      const file = weights.find((one) => one.placeOf(name) !== undefined);
      return bytesField(
        initializerField,
        file === undefined
          ? message
          : pointedAt(readFields(message, "a tensor"), file.file, file.placeOf(name)!),
      );
    }),
  ];
}

/** The fields of a graph that looks up what the table's own node did, from the table in int8. */
function smallLookup(
  { smallTable }: Embedding,
  prefix: string,
  moved: ReadonlyMap<string, string>,
): readonly Field[] {
  if (smallTable === undefined) return [];
  const { lookup, rows, dims } = smallTable;
  const [ids, vectors] = [lookup.inputs[1]!, lookup.outputs[0]!].map(
    (name) => moved.get(name) ?? name,
  );
  const graph = buildGraph("lookup", (own) => {
    own.input(ids!, "int64", ["any"]);
    const files = { ...tableFiles, float32: tableFiles.int8, float16: tableFiles.int8 };
    const info = { name: `${prefix}table`, rows, dims, form: "int8", files } as const;
    const found = declareTable(own, info)(own, ids!);
    own.node("Identity", [found], { outputs: [vectors!] });
    own.output(vectors!, "float32", ["any"]);
  });
  const nameOf = (name: string) =>
    name === ids || name === vectors || name.startsWith(prefix) ? name : `${prefix}lookup/${name}`;
  return readFields(encodeGraph(renamed(graph, nameOf)), "a graph");
}

const irVersionField = 1;
const graphField = 7;
const opsetField = 8;
/** Before this, weights had to be inputs as well. */
const leastIrVersion = 8;

function withGraph(
  model: DecodedModel,
  domains: readonly string[],
  graph: readonly Written[],
): Written[] {
  const known = new Set([bodyDomain, ...model.opsets.map(({ domain }) => domain)]);
  const missing = domains.filter((domain) => !known.has(domain));
  return [
    ...model.fields.map((field) => {
      if (field.number === irVersionField)
        return integerField(irVersionField, Math.max(leastIrVersion, model.irVersion));
      return field.number === graphField ? bytesField(graphField, joinFields(graph)) : field;
    }),
    ...missing.map((domain) =>
      bytesField(opsetField, joinFields([textField(1, domain), integerField(2, 1)])),
    ),
  ];
}
