import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import {
  fromCustomResource,
  fromOpenApi,
  type OpenApi,
  type StrictSchemas,
} from "./strict-schemas.ts";
import type { JsonSchema } from "./values-schema.ts";

/*
 * Where schemas come from: the Go modules of those who define the kinds. What the chart and deploy/argo-cd may use stands
 * here; anything else has no schema, and is refused.
 */

const kubernetes = "k8s.io/kubernetes@v1.36.3";

const kinds = {
  "apps/v1/Deployment": "io.k8s.api.apps.v1.Deployment",
  "apps/v1/StatefulSet": "io.k8s.api.apps.v1.StatefulSet",
  "autoscaling/v2/HorizontalPodAutoscaler": "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
  "networking.k8s.io/v1/NetworkPolicy": "io.k8s.api.networking.v1.NetworkPolicy",
  "policy/v1/PodDisruptionBudget": "io.k8s.api.policy.v1.PodDisruptionBudget",
  "v1/ConfigMap": "io.k8s.api.core.v1.ConfigMap",
  "v1/Pod": "io.k8s.api.core.v1.Pod",
  "v1/Service": "io.k8s.api.core.v1.Service",
  "v1/ServiceAccount": "io.k8s.api.core.v1.ServiceAccount",
};

interface CustomResource {
  readonly module: string;
  readonly path: string;
}

const prometheus = "github.com/prometheus-operator/prometheus-operator@v0.85.0";
const prometheusFolder = "example/prometheus-operator-crd/monitoring.coreos.com_";
const gateway = "sigs.k8s.io/gateway-api@v1.6.1";
const argo = "github.com/argoproj/argo-cd/v3@v3.4.0";

const customResources: readonly CustomResource[] = [
  { module: prometheus, path: `${prometheusFolder}servicemonitors.yaml` },
  { module: prometheus, path: `${prometheusFolder}prometheusrules.yaml` },
  { module: gateway, path: "config/crd/standard/gateway.networking.k8s.io_grpcroutes.yaml" },
  { module: argo, path: "manifests/crds/applicationset-crd.yaml" },
  { module: argo, path: "manifests/crds/appproject-crd.yaml" },
];

/** All of them, strict. Needs Go and the network, unless its cache has the modules. */
export function readSchemas(): StrictSchemas {
  const openApi = readFileSync(join(folderOf(kubernetes), "api/openapi-spec/swagger.json"), "utf8");
  const own = fromOpenApi(JSON.parse(openApi) as OpenApi, kinds);
  const custom = customResources.flatMap(({ module, path }) =>
    versionsOf(readFileSync(join(folderOf(module), path), "utf8")),
  );
  return { kinds: { ...own.kinds, ...Object.fromEntries(custom) }, definitions: own.definitions };
}

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: JsonSchema };
    }[];
  };
}

function versionsOf(yaml: string): readonly (readonly [kind: string, schema: JsonSchema])[] {
  const { spec } = parse(yaml) as Definition;
  return spec.versions.map(({ name, schema }) => [
    `${spec.group}/${name}/${spec.names.kind}`,
    fromCustomResource(onlyUsed(schema.openAPIV3Schema)),
  ]);
}

/** Of an ApplicationSet's generators, which nest in each other, only the list: the others are a megabyte. */
function onlyUsed(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    const items = key === "generators" ? (value as { items?: JsonSchema }).items : undefined;
    const properties = items?.["properties"] as Record<string, JsonSchema> | undefined;
    if (properties?.["list"] === undefined) return value;
    return { type: "array", items: { ...items, properties: { list: properties["list"] } } };
  }) as JsonSchema;
}

/** Fetched by Go, which checks its checksum. */
function folderOf(module: string): string {
  const told = execFileSync("go", ["mod", "download", "-json", module], { encoding: "utf8" });
  return (JSON.parse(told) as { Dir: string }).Dir;
}
