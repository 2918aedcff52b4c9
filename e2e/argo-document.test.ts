import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { rollout } from "../cli/rollout/rollout.ts";
import { goldenOf } from "../scripts/helm/manifests-in.ts";
import { argoFolder, environments } from "../scripts/helm/paths.ts";
import { createJudge, readManifests } from "../scripts/helm/validate-manifests.ts";
import { openFolder } from "./open-server.fixture.ts";
import { openRouter } from "./open-router.fixture.ts";

const read = (name: string) => readFileSync(join(argoFolder, name), "utf8");
const page = read("README.md");
const [project] = readManifests(read("project.yaml"));
const [applicationSet] = readManifests(read("application-set.yaml"));

test("project and ApplicationSet have nothing that Argo CD does not know", () => {
  expect(createJudge()([project!, applicationSet!])).toEqual([]);
});

test("there is an application for each overlay, and a step for each in this order", () => {
  const { generators, strategy } = applicationSet!["spec"] as {
    readonly generators: readonly { readonly list: { readonly elements: unknown } }[];
    readonly strategy: {
      readonly rollingSync: {
        readonly steps: readonly { readonly matchExpressions: readonly object[] }[];
      };
    };
  };
  expect(generators[0]!.list.elements).toEqual(
    environments.map((environment) => ({ environment })),
  );
  const steps = strategy.rollingSync.steps.map((step) => step.matchExpressions);
  expect(steps).toEqual(environments.map(only));
});

test("the project allows every kind that an environment is made of, and none that is not needed", () => {
  const spec = project!["spec"] as {
    readonly namespaceResourceWhitelist: readonly { readonly group: string; kind: string }[];
  };
  const allowed = spec.namespaceResourceWhitelist.map(({ group, kind }) => `${group}/${kind}`);
  const made = environments.flatMap(goldenOf).map(({ apiVersion, kind }) => {
    const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
    return `${group}/${kind}`;
  });
  expect(new Set(allowed)).toEqual(new Set(made));
});

const only = (name: string) => [{ key: "environment", operator: "In", values: [name] }];

function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);
}

/** What the page has people type in an environment, as words. */
function commandsIn(environment: string): readonly (readonly string[])[] {
  const blocks = page.matchAll(/<!-- (\w+) -->\s+```sh\n(.*?)```/gs);
  const lines = [...blocks].flatMap(([, where, block]) =>
    where === environment ? block!.trim().split("\n") : [],
  );
  return lines.map((line) => wordsOf(line.trim()));
}

describe.each(environments)("the commands for %s", (environment) => {
  test("are done by a router that begins with what the chart gives it", async () => {
    await using folder = await openFolder();
    const file = join(folder.path, "rollouts.json");
    const config = goldenOf(environment).find(({ metadata }) =>
      metadata.name.endsWith("-rollouts"),
    );
    await writeFile(file, (config!["data"] as Record<string, string>)["rollouts.json"]!);
    // Nobody calls: servers need not be there.
    await using router = await openRouter(["--servers", "127.0.0.1:1", "--distributions", file]);
    vi.stubEnv("CROSSFADE_ADMIN", `127.0.0.1:${router.routes.adminPort}`);
    const commands = commandsIn(environment).filter(([, verb]) => verb === "rollout");
    expect(commands.length).toBeGreaterThan(1);
    const codes: number[] = [];
    for (const [, , ...args] of commands) codes.push(await rollout.run(args));
    expect(codes).toEqual(commands.map(() => 0));
  });
});
