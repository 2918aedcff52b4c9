import type { JsonSchema } from "./values-schema.ts";

/** One schema for each kind, and what they share. */
export interface StrictSchemas {
  /** By "apiVersion/kind". */
  readonly kinds: Readonly<Record<string, JsonSchema>>;
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

/** The definitions of Kubernetes' own OpenAPI document. */
export interface OpenApi {
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

const quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity";

/** Of these kinds ("apps/v1/Deployment": its definition's name), with unknown fields refused everywhere. */
export function fromOpenApi(
  { definitions }: OpenApi,
  kinds: Readonly<Record<string, string>>,
): StrictSchemas {
  const taken = new Map<string, JsonSchema>();
  const take = (name: string): void => {
    if (taken.has(name)) return;
    taken.set(name, {});
    taken.set(name, name === quantity ? numberOrText : strict(definitions[name]!, take));
  };
  for (const name of Object.values(kinds)) take(name);
  const refs = Object.entries(kinds).map(([kind, name]) => [kind, refTo(name)] as const);
  return { kinds: Object.fromEntries(refs), definitions: Object.fromEntries(taken) };
}

/** A version of a custom resource, as its definition has it. */
export function fromCustomResource(schema: JsonSchema): JsonSchema {
  const { properties, ...rest } = schema as { properties: Record<string, JsonSchema> };
  return strict({ ...rest, properties: { ...properties, metadata: refTo(objectMeta) } }, () => {});
}

export const objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const numberOrText = { type: ["number", "string"] };

function refTo(name: string): JsonSchema {
  return { $ref: `#/definitions/${name}` };
}

/** What says something about a value; descriptions and hints for servers do not. */
const kept = ["enum", "required", "minimum", "maximum", "minItems", "maxItems"];

function strict(schema: JsonSchema, take: (name: string) => void): JsonSchema {
  const ref = schema["$ref"];
  if (typeof ref === "string") {
    const name = ref.split("/").at(-1)!;
    take(name);
    return refTo(name);
  }
  if (schema["format"] === "int-or-string" || schema["x-kubernetes-int-or-string"] === true)
    return { type: ["integer", "string"] };
  const rules = Object.fromEntries(
    kept.filter((key) => key in schema).map((key) => [key, schema[key]]),
  );
  const inner = (value: unknown) => strict(value as JsonSchema, take);
  const { type, properties, additionalProperties, items, pattern } = schema as Fields;
  return {
    ...(type !== undefined && { type }),
    ...rules,
    ...(pattern !== undefined && isPortable(pattern) && { pattern }),
    ...(items !== undefined && { items: inner(items) }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([k, v]) => [k, inner(v)])),
    }),
    ...(typeof additionalProperties === "object" && {
      additionalProperties: inner(additionalProperties),
    }),
    ...(isClosed(schema) && { additionalProperties: false }),
  };
}

interface Fields {
  readonly type?: unknown;
  readonly pattern?: string;
  readonly items?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly additionalProperties?: unknown;
}

/** Go's patterns may have flags inside, which JavaScript's may not. */
function isPortable(pattern: string): boolean {
  return !pattern.includes("(?");
}

/** It lists its fields, and nothing says that there may be others. */
function isClosed(schema: JsonSchema): boolean {
  return (
    schema["properties"] !== undefined &&
    schema["additionalProperties"] === undefined &&
    schema["x-kubernetes-preserve-unknown-fields"] !== true
  );
}
