import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { listen } from "../../server/listen.ts";
import { createTrialAuthority } from "../../transport/issue-certificates.ts";
import { type Api, create } from "./api.ts";
import { waitFor } from "./wait-for.ts";

/** A metrics adapter whose numbers are made up: an aggregated API, as Prometheus Adapter is one. */
export interface CustomMetrics extends AsyncDisposable {
  /** From now on, of all pods of a component; each has its share. */
  set(of: MetricOf, total: number): void;
}

export interface MetricOf {
  readonly namespace: string;
  readonly component: string;
  readonly metric: string;
}

const group = "custom.metrics.k8s.io";
const version = "v1beta2";
const namespace = "metrics";
const service = "metrics-adapter";

interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
}

export async function openCustomMetrics(api: Api): Promise<CustomMetrics> {
  const totals = new Map<string, number>();
  const authority = createTrialAuthority("metrics authority");
  const host = `${service}.${namespace}.svc`;
  const { certificate: cert, key } = authority.issue(host, { names: [host] });
  const server = createServer({ cert, key }, (request, response) => {
    void answer(api, totals, request).then(
      (body) => reply(response, body === undefined ? 404 : 200, body ?? {}),
      (error: Error) => reply(response, 500, { message: error.message }),
    );
  });
  const port = await listen(server, "127.0.0.1", 0);
  await register(api, port, authority.certificate);
  return {
    set: (of, total) => void totals.set(keyOf(of), total),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Resolves when the API server passes on what it is asked of this group. */
async function register(api: Api, port: number, authority: string): Promise<void> {
  const named = (name: string) => ({ name, namespace });
  await create(api, "/api/v1/namespaces", { metadata: { name: namespace } });
  await create(api, `/api/v1/namespaces/${namespace}/services`, {
    metadata: named(service),
    spec: { type: "ExternalName", externalName: "localhost", ports: [{ port }] },
  });
  await create(api, "/apis/apiregistration.k8s.io/v1/apiservices", {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: `${version}.${group}` },
    spec: {
      group,
      version,
      service: { ...named(service), port },
      caBundle: Buffer.from(authority).toString("base64"),
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  });
  await waitFor({ what: "the API server asks the metrics adapter" }, () =>
    api.get(`/apis/${group}/${version}`),
  );
}

const perPods = new RegExp(`^/apis/${group}/${version}/namespaces/([^/]+)/pods/\\*/([^/]+)$`);

/** Undefined for what it has not. */
async function answer(
  api: Api,
  totals: ReadonlyMap<string, number>,
  request: IncomingMessage,
): Promise<object | undefined> {
  const url = new URL(request.url ?? "", "https://metrics");
  // The API server writes the asterisk as %2A.
  const path = decodeURIComponent(url.pathname);
  if (path === `/apis/${group}/${version}`) return resourceList();
  const [, where, metric] = perPods.exec(path) ?? [];
  if (where === undefined || metric === undefined) return undefined;
  const selector = url.searchParams.get("labelSelector") ?? "";
  const component = /app\.kubernetes\.io\/component=([^,]+)/.exec(selector)?.[1] ?? "";
  const total = totals.get(keyOf({ namespace: where, component, metric }));
  if (total === undefined) return undefined;
  const pods = await podsOf(api, where, selector);
  const milli = Math.round((1_000 * total) / pods.length);
  return {
    kind: "MetricValueList",
    apiVersion: `${group}/${version}`,
    metadata: {},
    items: pods.map(({ metadata: { name } }) => ({
      describedObject: { kind: "Pod", apiVersion: "v1", namespace: where, name },
      metric: { name: metric },
      timestamp: new Date().toISOString(),
      value: `${milli}m`,
    })),
  };
}

function keyOf({ namespace: where, component, metric }: MetricOf): string {
  return `${where}/${component}/${metric}`;
}

async function podsOf(api: Api, where: string, selector: string): Promise<readonly Pod[]> {
  const query = `labelSelector=${encodeURIComponent(selector)}`;
  const pods = await api.list<Pod>(`/api/v1/namespaces/${where}/pods?${query}`);
  return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

function resourceList(): object {
  const names = ["crossfade_in_flight_calls", "crossfade_queue_wait_p95_seconds"];
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: `${group}/${version}`,
    resources: names.map((name) => ({
      name: `pods/${name}`,
      singularName: "",
      namespaced: true,
      kind: "MetricValueList",
      verbs: ["get"],
    })),
  };
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
