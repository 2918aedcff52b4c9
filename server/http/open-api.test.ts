import { expect, test } from "vitest";
import { openGateway, recommendPath } from "./gateway.fixture.ts";
import type { Schema } from "./json/schema.ts";

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface DocumentedOperation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content: Content }>>;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

/** What keeps the value from being what the schema says, by path; nothing when it is. */
function misfits(document: Document, schema: Schema, value: unknown): string[] {
  const { $ref, type, oneOf, items, properties = {}, required = [] } = schema;
  if ($ref !== undefined)
    return misfits(document, document.components.schemas[$ref.split("/").at(-1)!]!, value);
  if (oneOf !== undefined) {
    const tries = oneOf.map((one) => misfits(document, one, value));
    return tries.filter((one) => one.length === 0).length === 1 ? [] : tries.flat();
  }
  if (schema.enum !== undefined && !schema.enum.includes(value as string))
    return ["no such choice"];
  const isWhole = typeOf(value) === "integer";
  const types = [type].flat();
  if (!types.includes(typeOf(value)) && !(isWhole && types.includes("number")))
    return [`${typeOf(value)} for ${String(type)}`];
  if (Array.isArray(value))
    return value.flatMap((one, i) => misfits(document, items!, one).map((it) => `[${i}] ${it}`));
  if (typeOf(value) !== "object") return [];
  const fields = Object.entries(value as object);
  return [
    ...required.filter((name) => !(name in (value as object))).map((name) => `no ${name}`),
    ...fields.flatMap(([name, one]) =>
      name in properties
        ? misfits(document, properties[name]!, one).map((it) => `.${name} ${it}`)
        : [`.${name} is not described`],
    ),
  ];
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (value === null) return "null";
  return Number.isInteger(value) ? "integer" : typeof value;
}

const valueOf = (path: string) => path.replace("{model}", "playlists").replace("{version}", "1");

test("the document names every route, and each is there", async () => {
  await using gateway = await openGateway();
  const { json, text } = await gateway.get("/openapi.json");
  const document = json as Document;
  expect(document.openapi).toBe("3.1.0");
  const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const { text: complaint } = await gateway.get("/nope");
  const [, known] = /there are (.*?)"/.exec(complaint)!;
  expect(documented.toSorted()).toEqual(known!.split(", ").toSorted());
  for (const route of documented) {
    const [method, path] = route.split(" ") as [string, string];
    const got = await gateway.get(valueOf(path), { method });
    expect(got.status, route).toBe(method === "GET" ? 200 : 415);
  }
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(document.components.schemas).toHaveProperty(name!);
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(documented.length);
});

const calls: readonly (readonly [path: string, template: string, body: object | undefined])[] = [
  [
    recommendPath,
    "/v1/models/{model}:recommend",
    { userId: "ana", history: ["p1"], tracks: [{ title: "So", artist: "What" }], topK: 3 },
  ],
  [
    "/v1/models/playlists:batchRecommend",
    "/v1/models/{model}:batchRecommend",
    { requests: [{ userId: "ana" }, { modelVersion: "9" }] },
  ],
  ["/api/playlist/recommend/", "/api/playlist/recommend/", { user_ids: ["ana", "ben"] }],
  ["/predict", "/predict", { user_id: "ana", sequence: ["m3", "m8"], top_k: 3 }],
  ["/predict", "/predict", { tracks: [{ track_name: "So", artist_name: "What" }], top_k: 3 }],
  ["/feedback", "/feedback", { userId: "ana", liked: "p1", time: "2026-01-31T12:00:00Z" }],
  ["/feedback", "/feedback", { userId: 22434, like_playlist: 7, other_playlists: [1, 2] }],
  ["/v1/models", "/v1/models", undefined],
  ["/v1/models/playlists", "/v1/models/{model}", undefined],
];

test.each(calls)("%s takes and gives what the document says", async (path, template, body) => {
  await using gateway = await openGateway({ feedback: { record: async () => {} } });
  const document = (await gateway.get("/openapi.json")).json as Document;
  const method = body === undefined ? "get" : "post";
  const { requestBody, responses } = document.paths[template]![method]!;
  if (body !== undefined) {
    const { schema } = requestBody!.content["application/json"]!;
    expect(misfits(document, schema, body)).toEqual([]);
    expect(misfits(document, schema, { nonsense: 1 })).not.toEqual([]);
    const refused = await gateway.post(path, { nonsense: 1 });
    const error = responses["default"]!.content["application/json"]!.schema;
    expect(misfits(document, error, refused.json)).toEqual([]);
  }
  const got = body === undefined ? await gateway.get(path) : await gateway.post(path, body);
  expect(got.status).toBe(200);
  const { schema } = responses["200"]!.content["application/json"]!;
  expect(misfits(document, schema, got.json)).toEqual([]);
});
