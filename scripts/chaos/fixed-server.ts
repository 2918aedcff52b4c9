import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forkProcess } from "../bench/live/fork-process.ts";
import type { FixedServerOrder, FixedServerStarted } from "./fixed-server-process.ts";

export interface FixedServer extends AsyncDisposable {
  readonly address: string;
  readonly pid: number;
}

const flags = [
  "--port",
  "0",
  "--http-port",
  "off",
  "--metrics-port",
  "off",
  "--log-level",
  "error",
];

export async function openFixedServer(
  model: string,
  { serviceMs }: { readonly serviceMs: number },
): Promise<FixedServer> {
  const models = await mkdtemp(join(tmpdir(), "crossfade-chaos-"));
  const folder = join(models, model, "1");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "bundle.json"), "{}");
  const forked = forkProcess(new URL("fixed-server-process.ts", import.meta.url));
  const order = { flags: [...flags, "--models", models], model, version: "1", serviceMs };
  forked.send(order satisfies FixedServerOrder);
  const { address } = (await forked.next()) as FixedServerStarted;
  return {
    address,
    pid: forked.pid,
    async [Symbol.asyncDispose]() {
      await forked[Symbol.asyncDispose]();
      await rm(models, { recursive: true, force: true });
    },
  };
}
