import { readFile } from "node:fs/promises";
import type { ContainerEngine } from "./engine.ts";
import { mustRun } from "./run-command.ts";

export interface Sizes {
  readonly aboveBaseMb: number;
  readonly baseMb: number;
}

export interface Images {
  readonly image: string;
  /** Else the one that the Dockerfile names. */
  readonly base: string | undefined;
}

/** Of the layers as they lie on a disk, unpacked. */
export async function sizeAboveBase(engine: ContainerEngine, images: Images): Promise<Sizes> {
  const base = images.base ?? (await baseOfDockerfile());
  const [whole, below] = await Promise.all([
    layersOf(engine, images.image),
    layersOf(engine, base),
  ]);
  const shared = below.length;
  if (below.join() !== whole.slice(0, shared).join()) {
    throw new Error(`${images.image} is not made of ${base}; name its base by --base`);
  }
  const [wholeBytes, belowBytes] = await Promise.all([
    bytesOf(engine, images.image),
    bytesOf(engine, base),
  ]);
  return { aboveBaseMb: toMb(wholeBytes - belowBytes), baseMb: toMb(belowBytes) };
}

async function baseOfDockerfile(): Promise<string> {
  const dockerfile = await readFile(new URL("../../Dockerfile", import.meta.url), "utf8");
  const base = /^ARG NODE_IMAGE=(\S+)$/m.exec(dockerfile)?.[1];
  if (base === undefined) throw new Error("the Dockerfile has no line ARG NODE_IMAGE=…");
  return base;
}

async function layersOf(engine: ContainerEngine, image: string): Promise<readonly string[]> {
  const told = await inspect(engine, image, "{{json .RootFS.Layers}}");
  return JSON.parse(told) as readonly string[];
}

async function bytesOf(engine: ContainerEngine, image: string): Promise<number> {
  return Number(await inspect(engine, image, "{{.Size}}"));
}

function inspect(engine: ContainerEngine, image: string, format: string): Promise<string> {
  const args = ["image", "inspect", "--format", format, image];
  return mustRun(engine.run(args), `${engine.name} image inspect ${image}`);
}

function toMb(bytes: number): number {
  return Math.round(bytes / 100_000) / 10;
}
