import {
  openAdmin,
  type AdminScene,
  type OpenAdmin,
} from "../../server/control/admin/admin.fixture.ts";
import { openFolder } from "../../server/control/router.fixture.ts";
import { runRollout } from "./run-rollout.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** What a command did. */
export interface Ran {
  readonly code: number;
  readonly printed: string;
  readonly complained: string;
}

export interface Seat extends Partial<Omit<Terminal, "print" | "complain" | "readFile">> {
  /** By path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Sees what is printed as it comes. */
  readonly onPrint?: (printed: string) => void;
}

/** Runs `crossfade rollout ARGS` in this process. */
export async function runCli(args: readonly string[], seat: Seat = {}): Promise<Ran> {
  const { files = {}, onPrint, ...given } = seat;
  let [printed, complained] = ["", ""];
  const code = await runRollout(args, {
    isWatched: false,
    env: {},
    nowMs: Date.now,
    signal: new AbortController().signal,
    ...given,
    readFile(path) {
      if (files[path] === undefined) throw new Error("ENOENT: no such file");
      return files[path];
    },
    print(text) {
      printed += text;
      onPrint?.(text);
    },
    complain: (text) => void (complained += text),
  });
  return { code, printed, complained };
}

/** A command line, its words separated by spaces; "_" stands for a space within one. */
export function words(line: string): readonly string[] {
  return line
    .split(" ")
    .filter(Boolean)
    .map((word) => word.replaceAll("_", " "));
}

export interface Scene extends AsyncDisposable {
  readonly admin: OpenAdmin;
  /** Runs a line against its admin port. */
  readonly run: (line: string, seat?: Seat) => Promise<Ran>;
}

/** A router with its admin API and a model "toy": 90% stable, 10% canary. */
export async function openScene(scene: Partial<AdminScene> = {}): Promise<Scene> {
  const folder = scene.folder ?? (await openFolder());
  const admin = await openAdmin({ folder, ...scene });
  const address = `127.0.0.1:${admin.admin.grpcPort}`;
  return {
    admin,
    run: (line, seat = {}) =>
      runCli(words(line), { ...seat, env: { CROSSFADE_ADMIN: address, ...seat.env } }),
    async [Symbol.asyncDispose]() {
      await admin[Symbol.asyncDispose]();
      if (scene.folder === undefined) await folder[Symbol.asyncDispose]();
    },
  };
}
