import type { Schema } from "./json/schema.ts";
import { errorReply } from "./reply-types.ts";
import { json, type Operation, type Route } from "./route.ts";

const jsonType = "application/json";

/** What the routes together are. */
export interface About {
  readonly title: string;
  readonly description: string;
  /** Callers show who they are by bearer tokens. */
  readonly isGuarded?: boolean;
}

const theContract: About = {
  title: "Crossfade",
  description: "JSON as proto3 maps crossfade.v1: names in lowerCamelCase or snake_case.",
};

/** GET /openapi.json: the document of these routes and of itself. */
export function openApiRoute(routes: readonly Route[], about = theContract): Route {
  const operation: Operation = {
    id: "getOpenApi",
    summary: "This document",
    replies: { 200: { description: "OpenAPI 3.1.", schema: { type: "object" } } },
  };
  const route = { method: "GET", template: "/openapi.json", operation } as const;
  const all = [...routes, { ...route, handle: () => json("") }];
  const text = JSON.stringify(openApi(all, about));
  return { ...route, handle: () => json(text) };
}

/** OpenAPI 3.1. What the routes say of themselves is all there is. */
function openApi(
  routes: readonly Route[],
  { title, description, isGuarded = false }: About,
): object {
  const components = new Map<string, Schema>();
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = (paths[route.template] ??= {});
    path[route.method.toLowerCase()] = describeOperation(route, components);
  }
  return {
    openapi: "3.1.0",
    info: { title, version: "1", description },
    ...(isGuarded && { security: [{ token: [] }] }),
    paths,
    components: {
      schemas: Object.fromEntries(components),
      parameters: { timeout, requestId },
      ...(isGuarded && { securitySchemes: { token: { type: "http", scheme: "bearer" } } }),
    },
  };
}

const timeout = {
  name: "x-crossfade-timeout-ms",
  in: "header",
  description: "How long the caller waits, in milliseconds; grpc-timeout is read as well.",
  schema: { type: "integer", minimum: 0 },
};

const requestId = {
  name: "x-request-id",
  in: "header",
  description: "Comes back with the answer, and is logged with a failure; made up when absent.",
  schema: { type: "string", maxLength: 128 },
};

function describeOperation(
  { template, method, operation }: Route,
  components: Map<string, Schema>,
): object {
  const { id, summary, request, query = {}, replies } = operation;
  const named = Array.from(template.matchAll(/\{(\w+)\}/g), ([, name]) => name);
  const responses = Object.entries(replies).map(([status, { description, schema }]) => [
    status,
    { description, content: content(schema, components) },
  ]);
  return {
    operationId: id,
    summary,
    parameters: [
      ...named.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
      ...Object.entries(query).map(([name, schema]) => ({ name, in: "query", schema })),
      ...(method === "POST" ? [{ $ref: "#/components/parameters/timeout" }] : []),
      { $ref: "#/components/parameters/requestId" },
    ],
    ...(request && { requestBody: { required: true, content: content(request, components) } }),
    responses: {
      ...Object.fromEntries(responses),
      default: { description: "Why not.", content: content(errorReply.schema, components) },
    },
  };
}

function content(schema: Schema | undefined, components: Map<string, Schema>): object {
  if (schema === undefined) return { "text/plain": { schema: { type: "string" } } };
  return { [jsonType]: { schema: hoist(schema, components) } };
}

/** Schemas with a title become components; in their place stands where they are. */
function hoist(schema: Schema, components: Map<string, Schema>): Schema {
  const { title, items, properties, oneOf } = schema;
  if (title !== undefined && components.has(title)) return referenceTo(title);
  const hoisted: Schema = {
    ...schema,
    ...(items && { items: hoist(items, components) }),
    ...(oneOf && { oneOf: oneOf.map((one) => hoist(one, components)) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, one]) => [name, hoist(one, components)]),
      ),
    }),
  };
  if (title === undefined) return hoisted;
  components.set(title, hoisted);
  return referenceTo(title);
}

function referenceTo(title: string): Schema {
  return { $ref: `#/components/schemas/${title}` };
}
