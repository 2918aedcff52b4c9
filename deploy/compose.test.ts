import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { findGoProgram } from "../e2e/go-program.ts";
import { readConfig } from "../server/config/read-config.ts";
import { routeSchema } from "../server/config/route-schema.ts";
import { serveSchema } from "../server/config/serve-schema.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (file: string) => readFileSync(join(root, file), "utf8");

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const compose = parse(read("docker-compose.yaml"), { merge: true }) as Compose;
const services = Object.entries(compose.services);

test("there are a router, two servers, their store and monitoring", () => {
  expect(Object.keys(compose.services).toSorted()).toEqual([
    "grafana",
    "prometheus",
    "redis",
    "router",
    "server-1",
    "server-2",
  ]);
});

test.each(services)("%s runs an image of one version", (_, { image, build }) => {
  if (build === undefined)
    expect(image).toMatch(/^[a-z/]+:v?\d+\.\d+\.\d+(@sha256:[0-9a-f]{64})?$/);
  else expect(existsSync(join(root, build, "Dockerfile"))).toBe(true);
});

test.each(services)("%s mounts what is there", (_, { volumes = [] }) => {
  for (const volume of volumes) {
    const [source = "", target] = volume.replace(/\$\{\w+:-([^}]+)\}/, "$1").split(":");
    expect(target).toMatch(/^\//);
    if (!source.startsWith(".")) expect(Object.keys(compose.volumes)).toContain(source);
    // Made by the demo.
    else if (!source.startsWith("./.crossfade/")) expect(existsSync(join(root, source))).toBe(true);
  }
});

test.each(services)(
  "%s listens on this machine only, and waits for what there is",
  (_, service) => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    const { depends_on: needs = [] } = service;
    for (const name of Array.isArray(needs) ? needs : Object.keys(needs)) {
      expect(Object.keys(compose.services)).toContain(name);
    }
  },
);

/** As the image sets them. */
const env = { CROSSFADE_HOST: "0.0.0.0", CROSSFADE_STATE: "/var/lib/crossfade" };
const schemas = { serve: serveSchema, route: routeSchema } as const;

test.each(["router", "server-1", "server-2"])("%s takes its flags", (name) => {
  const [role, ...args] = compose.services[name]!.command!;
  const schema = schemas[role as keyof typeof schemas];
  const config = readConfig(schema as typeof serveSchema, { args, env, readFile: () => "" });
  expect(config).not.toHaveProperty("problems");
});

test("Prometheus scrapes the metrics port of every process", () => {
  const { scrape_configs } = parse(read("deploy/prometheus.yaml")) as {
    readonly scrape_configs: readonly {
      readonly static_configs: readonly { readonly targets: readonly string[] }[];
    }[];
  };
  const targets = scrape_configs.flatMap(({ static_configs }) =>
    static_configs.flatMap(({ targets: some }) => some),
  );
  const own = services.filter(([, { build }]) => build !== undefined);
  expect(targets.toSorted()).toEqual(own.map(([name]) => `${name}:8502`).toSorted());
});

test("Grafana asks the Prometheus of the same file, and finds the dashboards where they are mounted", () => {
  const { datasources } = parse(
    read("deploy/grafana/provisioning/datasources/prometheus.yaml"),
  ) as { readonly datasources: readonly { readonly url: string }[] };
  expect(datasources.map(({ url }) => url)).toEqual(["http://prometheus:9090"]);
  const { providers } = parse(read("deploy/grafana/provisioning/dashboards/crossfade.yaml")) as {
    readonly providers: readonly { readonly options: { readonly path: string } }[];
  };
  const mounted = compose.services["grafana"]!.volumes!.map((volume) => volume.split(":")[1]);
  for (const { options } of providers) expect(mounted).toContain(options.path);
});

test.skipIf(findGoProgram("promtool") === undefined)("promtool takes the configuration", () => {
  const args = ["check", "config", "--syntax-only", join(root, "deploy/prometheus.yaml")];
  expect(execFileSync(findGoProgram("promtool")!, args, { encoding: "utf8" })).toContain("SUCCESS");
});

test("what the CUDA image takes is of the version of onnxruntime-node", () => {
  const { dependencies } = JSON.parse(read("package.json")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const pins = read("deploy/cuda/requirements.txt").split("\n");
  const pinned = pins.filter((line) => line !== "" && !line.startsWith("#"));
  for (const line of pinned) expect(line).toMatch(/^\S+==\S+ --hash=sha256:[0-9a-f]{64}$/);
  expect(pinned[0]).toContain(`onnxruntime-gpu==${dependencies["onnxruntime-node"]} `);
});

test("the image is built of every folder that is compiled", () => {
  const compiler = join(
    dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
    "bin/tsc",
  );
  const args = [compiler, "--project", "tsconfig.build.json", "--listFilesOnly"];
  const listed = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  const own = listed.split("\n").filter((file) => file !== "" && !file.includes("node_modules"));
  const folders = new Set(own.map((file) => relative(root, file).split("/")[0]!));
  expect(folders.size).toBeGreaterThan(7);
  const context = read(".dockerignore").split("\n");
  for (const folder of folders) expect(context).toContain(`!${folder}`);
});
