import { setTimeout as sleep } from "node:timers/promises";
import type { WayToRun } from "./engine.ts";
import { memoryLimitBytes } from "./limits.ts";
import { mustRun } from "./run-command.ts";

/** A container of the image, hardened as the chart hardens its pods. Disposing of it removes it. */
export interface Container extends AsyncDisposable {
  readonly name: string;
  /** Runs a module's text inside, with the container's Node; resolves to what it prints. */
  evaluate(text: string): Promise<string>;
  /** SIGTERM, and SIGKILL after half a minute; resolves when it is gone. */
  stop(): Promise<Exit>;
  /** Once more, after `stop`. */
  start(): Promise<void>;
  isRunning(): Promise<boolean>;
  /** What it has logged. */
  log(): Promise<string>;
}

export interface Exit {
  readonly code: number;
  readonly outOfMemory: boolean;
}

export interface ContainerOptions {
  readonly image: string;
  readonly name: string;
  /** The role and its flags. */
  readonly args: readonly string[];
  /** A folder that it finds at /models. */
  readonly models?: string;
}

const hardening = [
  "--read-only",
  "--cap-drop=ALL",
  "--security-opt=no-new-privileges",
  `--memory=${memoryLimitBytes}`,
  // Routers write what they route by. A volume of its own begins as the image has it, with its owner.
  "--volume=/var/lib/crossfade",
];

const graceSeconds = 30;

interface State {
  readonly Running: boolean;
  readonly ExitCode: number;
  readonly OOMKilled: boolean;
}

export async function runContainer(
  { engine, flags }: WayToRun,
  { image, name, args, models }: ContainerOptions,
): Promise<Container> {
  const engineDoes = (...words: readonly string[]) =>
    mustRun(engine.run(words), `${engine.name} ${words[0]} ${name}`);
  const mounts = models === undefined ? [] : [`--volume=${models}:/models:ro,z`];
  const own = ["--name", name, "--network", "host", ...hardening, ...mounts];
  const state = async () =>
    JSON.parse(await engineDoes("inspect", "--format", "{{json .State}}", name)) as State;
  await engineDoes("run", "--detach", ...flags, ...own, image, ...args);
  return {
    name,
    evaluate: (text) => engineDoes("exec", name, "node", "--input-type=module", "--eval", text),
    async stop() {
      await engineDoes("stop", "--time", `${graceSeconds}`, name);
      const { ExitCode, OOMKilled } = await state();
      return { code: ExitCode, outOfMemory: OOMKilled };
    },
    isRunning: async () => (await state()).Running,
    start: async () => void (await engineDoes("start", name)),
    async log() {
      const { stdout, stderr } = await engine.run(["logs", name]);
      return stdout + stderr;
    },
    async [Symbol.asyncDispose]() {
      await engine.run(["rm", "--force", "--volumes", name]);
    },
  };
}

/** Resolves when it wants calls; rejects when it has ended or does not within two minutes. */
export async function untilReady(container: Container, metricsPort: number): Promise<void> {
  const untilMs = performance.now() + 120_000;
  while (performance.now() < untilMs && (await container.isRunning())) {
    const answer = await fetch(`http://127.0.0.1:${metricsPort}/readyz`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error(`${container.name} is not ready; it says:\n${await container.log()}`);
}
