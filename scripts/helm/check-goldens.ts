import { readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import { generatedFiles, isCurrent, write } from "./generated.ts";
import { chart, environments, goldens, schemasFile } from "./paths.ts";
import { readSchemas } from "./read-schemas.ts";
import { overlayOf, render } from "./render.ts";
import { findOrBuild } from "./tools.ts";

const again = "npm run helm-check -- --write writes it anew; look at what changed";

/** What is made of settings and values. */
export async function checkGenerated(isWriting: boolean): Promise<readonly string[]> {
  if (isWriting) {
    generatedFiles.forEach(write);
    const paths = generatedFiles.map(({ name }) => `${chart}/${name}`);
    await promisify(execFile)("npx", ["oxfmt", "--write", ...paths]);
  }
  const old = generatedFiles.filter((file) => !isCurrent(file));
  return old.map(({ name }) => `${name} is not what it would be made; ${again}`);
}

export async function checkSchemas(isWriting: boolean): Promise<readonly string[]> {
  return compare(schemasFile, `${JSON.stringify(readSchemas())}\n`, isWriting);
}

export async function checkGoldens(isWriting: boolean): Promise<readonly string[]> {
  const helm = findOrBuild("helm");
  const complaints = environments.map(async (environment) => {
    const rendered = await render(overlayOf(environment), helm);
    return compare(`${goldens}/${environment}.yaml`, rendered, isWriting);
  });
  return (await Promise.all(complaints)).flat();
}

function compare(path: string, made: string, isWriting: boolean): readonly string[] {
  if (isWriting) writeFileSync(path, made);
  const lines = made.split("\n");
  const kept = readFileSync(path, "utf8").split("\n");
  const place = lines.findIndex((line, i) => line !== kept[i]);
  if (place < 0 && lines.length === kept.length) return [];
  const differing = `  - ${kept[place]?.slice(0, 200)}\n  + ${lines[place]?.slice(0, 200)}`;
  return [`${path} differs from line ${place + 1} on; ${again}\n${differing}`];
}
