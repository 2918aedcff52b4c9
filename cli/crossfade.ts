#!/usr/bin/env node
import { nearest } from "../proto/nearest.ts";
import { ServingError } from "../proto/serving-error.ts";
import type { Command } from "./command.ts";
import { readVersion } from "./read-version.ts";

// Loaded on demand: `doctor` must start where the parts that `serve` needs are broken.
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import("./serve.ts")).serve,
  route: async () => (await import("./route.ts")).route,
  rollout: async () => (await import("./rollout/rollout.ts")).rollout,
  recommend: async () => (await import("./recommend.ts")).recommend,
  "admin-token": async () => (await import("./admin-token.ts")).adminToken,
  feedback: async () => (await import("./feedback.ts")).feedback,
  loadtest: async () => (await import("./loadtest/loadtest.ts")).loadtest,
  eval: async () => (await import("./eval/eval.ts")).evaluation,
  train: async () => (await import("./train.ts")).train,
  import: async () => (await import("./import/import.ts")).importModel,
  export: async () => (await import("./export.ts")).exportBundles,
  bundle: async () => (await import("./bundle.ts")).bundles,
  doctor: async () => (await import("./doctor.ts")).doctor,
};

process.exitCode = await main(process.argv.slice(2));

async function main([verb = "--help", ...args]: readonly string[]): Promise<number> {
  if (verb === "--help" || verb === "-h" || verb === "help") return print(await overview());
  if (verb === "--version") return print(`crossfade ${readVersion()}\n`);
  const command = Object.hasOwn(commands, verb) ? await commands[verb]!() : undefined;
  if (!command) return complain(verb);
  if (args.includes("--help") || args.includes("-h")) return help(verb, command, args);
  return command.run(args);
}

function help(verb: string, command: Command, args: readonly string[]): number {
  try {
    return print(command.help(args));
  } catch (error) {
    process.stderr.write(`crossfade ${verb}: ${ServingError.from(error).message}\n`);
    return 2;
  }
}

async function overview(): Promise<string> {
  const verbs = Object.keys(commands);
  const widest = Math.max(...verbs.map((verb) => verb.length));
  const lines = await Promise.all(
    verbs.map(async (verb) => `  ${verb.padEnd(widest)}  ${(await commands[verb]!()).summary}`),
  );
  return `Serves recommenders over gRPC.\n\n  crossfade COMMAND [options]\n\n${lines.join("\n")}\n\ncrossfade COMMAND --help tells more; crossfade --version tells which this is.\n`;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function complain(verb: string): number {
  const meant = nearest(verb, Object.keys(commands));
  const hint = meant ? `did you mean "${meant}"?` : `there are ${Object.keys(commands).join(", ")}`;
  process.stderr.write(`crossfade: no command "${verb}"; ${hint}\n`);
  return 2;
}
