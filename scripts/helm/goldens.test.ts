import { describe, expect, test } from "vitest";
import { readConfig } from "../../server/config/read-config.ts";
import { routeSchema } from "../../server/config/route-schema.ts";
import type { Schema, SettingTable } from "../../server/config/schema.ts";
import { serveSchema } from "../../server/config/serve-schema.ts";
import { parseDistributions } from "../../server/routing/parse-distributions.ts";
import { containersIn, goldenOf } from "./manifests-in.ts";
import { environments } from "./paths.ts";
import { createJudge, readManifests, type Manifest } from "./validate-manifests.ts";

const judge = createJudge();

describe.each(environments)("the golden of %s", (environment) => {
  const manifests = goldenOf(environment);

  test("has nothing that Kubernetes does not know", () => {
    expect(judge(manifests)).toEqual([]);
  });

  test("names every object once", () => {
    const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(names).toEqual([...new Set(names)]);
  });

  test("starts crossfade with settings that it takes", () => {
    const told = containersIn(manifests).flatMap(({ args = [] }) => problemsOf(args));
    expect(told.length).toBeGreaterThan(1);
    expect(told.filter((one) => one !== "")).toEqual([]);
  });

  test("begins with rollouts that a router takes", () => {
    const documents = manifests.flatMap(({ data }) => {
      const json = (data as Record<string, string> | undefined)?.["rollouts.json"];
      return json === undefined ? [] : parseDistributions(json, environment);
    });
    expect(documents).toMatchObject([{ model: "playlists", format: 1 }]);
  });
});

/** What crossfade says of its arguments, "" when it takes them; nothing for commands that do not stay. */
function problemsOf([command = "", ...args]: readonly string[]): readonly string[] {
  const schema = { serve: serveSchema, route: routeSchema }[command];
  if (schema === undefined) return [];
  const read = readConfig(schema as Schema<SettingTable>, { args, env: {}, readFile: () => "" });
  return ["problems" in read ? read.problems.join("; ") : ""];
}

/** The first of a kind in production, changed somewhere. */
function changed(kind: string, change: (manifest: Manifest) => unknown): Manifest {
  const found = goldenOf("production").find((one) => one.kind === kind)!;
  change(found);
  return found;
}

// What a test changes, it knows the shape of.
// oxlint-disable-next-line typescript/no-explicit-any
type Any = any;
const containerOf = ({ spec }: Manifest) => (spec as Any)["template"]["spec"]["containers"][0];

test.each<readonly [string, Manifest]>([
  [
    "startupProb",
    changed("Deployment", (manifest) =>
      Object.assign(containerOf(manifest), { startupProb: { grpc: { port: 8_500 } } }),
    ),
  ],
  [
    "maxUnavailible",
    changed("PodDisruptionBudget", ({ spec }) => Object.assign(spec as Any, { maxUnavailible: 1 })),
  ],
  [
    "must be integer",
    changed("Deployment", ({ spec }) => Object.assign(spec as Any, { replicas: "two" })),
  ],
  [
    "matchLabel",
    changed("ServiceMonitor", ({ spec }) =>
      Object.assign((spec as Any)["selector"], { matchLabel: {} }),
    ),
  ],
  [
    "backendRef",
    changed("GRPCRoute", ({ spec }) =>
      Object.assign((spec as Any)["rules"][0], { backendRef: [] }),
    ),
  ],
  [
    "no schema of apps/v1beta1/Deployment",
    changed("Deployment", (one) => Object.assign(one, { apiVersion: "apps/v1beta1" })),
  ],
])("a manifest with %s is refused", (says, manifest) => {
  expect(judge([manifest]).join("\n")).toContain(says);
});

test("a manifest is read as Kubernetes reads it, to which a bare yes is no text", () => {
  const bare = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { on: yes }\n";
  expect(judge(readManifests(bare))).toEqual([expect.stringContaining("must be string")]);
  expect(judge(readManifests(bare.replace("yes", '"yes"')))).toEqual([]);
});
