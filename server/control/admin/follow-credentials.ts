import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../../log/log.ts";
import { parseCredentials, type Credential } from "./parse-credentials.ts";

export interface FollowCredentialsOptions {
  readonly file: string;
  readonly log: Log;
  readonly pollMs: number;
  readonly signal: AbortSignal;
}

export interface FollowedCredentials {
  current(): readonly Credential[];
  /** Settles after the signal aborted. */
  readonly done: Promise<void>;
}

/** Rejects when the file cannot be used; later that is logged once, and those who are known stay. */
export async function followCredentials(
  options: FollowCredentialsOptions,
): Promise<FollowedCredentials> {
  const { file, log, pollMs, signal } = options;
  let seen = await readFile(file, "utf8");
  let current = parseCredentials(seen, file);
  let lastComplaint = "";

  async function poll(): Promise<void> {
    try {
      const text = await readFile(file, "utf8");
      if (text === seen && lastComplaint === "") return;
      current = parseCredentials(text, file);
      seen = text;
      lastComplaint = "";
      log.info("admin credentials read", { file, entries: current.length });
    } catch (error) {
      const isNew = String(error) !== lastComplaint;
      if (isNew) log.error("admin credentials not read; those known stay", { file, error });
      lastComplaint = String(error);
    }
  }

  async function follow(): Promise<void> {
    while (await delay(pollMs, true, { signal, ref: false }).catch(() => false)) await poll();
  }

  return { current: () => current, done: follow() };
}
