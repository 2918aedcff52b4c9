import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ContainerEngine } from "./engine.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tag = "localhost/crossfade:image-check";

/** Where containers get no namespaces of their own, podman can still build. */
const waysToBuild: Readonly<Record<string, readonly (readonly string[])[]>> = {
  podman: [[], ["--isolation", "chroot", "--network", "host"]],
};

export interface BuildOptions {
  /** In place of the Dockerfile's; not pulled. */
  readonly base: string | undefined;
}

/** Resolves to the image's name. */
export async function buildImage(engine: ContainerEngine, { base }: BuildOptions): Promise<string> {
  const onBase = base === undefined ? [] : ["--build-arg", `NODE_IMAGE=${base}`];
  const unpulled = base === undefined || engine.name !== "podman" ? [] : ["--pull=never"];
  const ways = waysToBuild[engine.name] ?? [[]];
  for (const flags of ways) {
    const args = ["build", "--tag", tag, ...flags, ...unpulled, ...onBase, root];
    process.stderr.write(`${[engine.name, ...args].join(" ")}\n`);
    if ((await build(engine.name, args)) === 0) return tag;
  }
  throw new Error(`${engine.name} could not build the image; the reason is above`);
}

async function build(program: string, args: readonly string[]): Promise<number | null> {
  const child = spawn(program, args, { stdio: ["ignore", 2, 2] });
  const end = () => child.kill();
  process.once("exit", end);
  const [code] = (await once(child, "exit")) as [number | null];
  process.removeListener("exit", end);
  return code;
}
