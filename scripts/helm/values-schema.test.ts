import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { chart, environments } from "./paths.ts";

type Values = Readonly<Record<string, unknown>>;

const read = (name: string) => readFileSync(`${chart}/${name}`, "utf8");
const judge = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(read("values.schema.json")) as object,
);
const standard = parse(read("values.yaml")) as Values;

function complaints(values: unknown): string {
  if (judge(values)) return "none";
  return judge
    .errors!.map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    )
    .join("\n");
}

test("the values that the chart brings fit its schema", () => {
  expect(complaints(standard)).toBe("none");
});

describe.each(environments)("values-%s.yaml", (environment) => {
  const values = parse(read(`values-${environment}.yaml`)) as Values;

  test("fits the schema", () => {
    expect(complaints(values)).toBe("none");
  });

  test("holds nothing that values.yaml says already", () => {
    expect(repeated(values, standard)).toEqual([]);
  });

  test("has pools that hold nothing that poolDefaults say already", () => {
    const pools = values["pools"] as readonly Values[];
    const defaults = standard["poolDefaults"] as Values;
    expect(pools.flatMap((pool) => repeated(pool, defaults))).toEqual([]);
  });
});

/** Paths of what is the same in both. */
function repeated(values: Values, standard: Values, at = ""): readonly string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const other = standard[key];
    const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
    if (isMap && typeof other === "object" && other !== null)
      return repeated(value as Values, other as Values, `${at}${key}.`);
    return JSON.stringify(value) === JSON.stringify(other) ? [`${at}${key}`] : [];
  });
}

const server = (more: Values) => ({ pools: [{ name: "cpu", ...more }] });

test.each<readonly [what: string, values: Values, says: string]>([
  ["an unknown key", { rooter: {} }, '"additionalProperty":"rooter"'],
  ["what may stand there instead", { rooter: {} }, '"router"'],
  ["an unknown key of routers", { router: { replica: 2 } }, '"additionalProperty":"replica"'],
  ["an unknown key of a pool", server({ gpus: 1 }), '"additionalProperty":"gpus"'],
  ["an unknown setting", server({ settings: { worker: 2 } }), '"additionalProperty":"worker"'],
  [
    "a setting of the chart's",
    { router: { settings: { port: 1 } } },
    '"additionalProperty":"port"',
  ],
  ["a setting of servers for routers", { router: { settings: { workers: 1 } } }, "workers"],
  ["a text for a number", { router: { replicas: "2" } }, "/router/replicas must be integer"],
  ["no replicas of routers", { router: { replicas: 0 } }, "/router/replicas must be >= 1"],
  ["a class that there is not", server({ class: "tpu" }), "/pools/0/class must be equal to one of"],
  ["a pool without a name", { pools: [{ class: "cpu" }] }, "must have required property 'name'"],
  ["a name that Kubernetes refuses", { pools: [{ name: "My_Pool" }] }, "/pools/0/name must match"],
  ["a digest that is none", { image: { digest: "latest" } }, "/image/digest must match pattern"],
  [
    "a checksum that is none",
    server({ models: { downloads: [{ sha256: "abc" }] } }),
    "sha256 must",
  ],
  [
    "a version that is a number",
    server({ models: { images: [{ model: "m", version: 1, reference: "r" }] } }),
    "version must be string",
  ],
  [
    "half a basis point",
    { rollouts: [{ model: "m", salt: "s", arms: [{ name: "a", version: "1", weight: 0.5 }] }] },
    "weight must be integer",
  ],
])("refuses %s", (_, values, says) => {
  expect(complaints(values)).toContain(says);
});
