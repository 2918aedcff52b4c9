import { constants } from "node:fs";
import { access, mkdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../../backends/clock.ts";
import { lineOf } from "../event-line.ts";
import type { FeedbackMeter } from "../feedback-meter.ts";
import type { FeedbackSink } from "../feedback-sink.ts";
import { createGroupCommit } from "../group-commit.ts";
import { brokenSink, fullSink } from "../sink-failure.ts";
import { recallSpool } from "./recall-spool.ts";
import { openSpoolFile, type OpenSpoolFile, type SpoolFile } from "./spool-file.ts";
import { listSpool, newFileName } from "./spool-folder.ts";

export interface SpoolOptions {
  readonly dir: string;
  /** Of all files in the folder, other processes' too. Default 1 GiB. */
  readonly maxBytes?: number;
  /** Files that nothing was written to for so long are removed. Default 90 days. */
  readonly keepMs?: number;
  /** Between two syncs. Default 20: what comes meanwhile is acknowledged by the next. */
  readonly syncMs?: number;
  /** A larger or older file is followed by another. Default 64 MiB, 1 hour. */
  readonly maxFileBytes?: number;
  readonly maxFileMs?: number;
  readonly meter?: FeedbackMeter;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly openFile?: OpenSpoolFile;
}

const standard = {
  maxBytes: 2 ** 30,
  keepMs: 90 * 86_400_000,
  syncMs: 20,
  maxFileBytes: 64 * 2 ** 20,
  maxFileMs: 3_600_000,
  now: Date.now,
  openFile: openSpoolFile,
};

const maxGroupBytes = 2 ** 20;
const maxQueuedBytes = 16 * 2 ** 20;
const housekeepingMs = 10_000;

/**
 * Lines of JSON in a folder. Every process has files of its own there, and goes on with none that another, or an earlier
 * one, began: what a kill tore stays the last line of its file. An event counts when its line was synced.
 */
export async function openSpool(options: SpoolOptions): Promise<FeedbackSink> {
  const settings = { ...standard, ...options };
  const { dir, syncMs } = settings;
  await mkdir(dir, { recursive: true });
  await access(dir, constants.W_OK | constants.X_OK);
  const files = createFiles(settings);
  await files.keepHouse();
  const housekeeping = setInterval(() => void files.keepHouse().catch(() => {}), housekeepingMs);
  housekeeping.unref();
  const group = createGroupCommit<SpoolLine>({
    commit: (lines, bytes) => files.append(lines, bytes),
    gapMs: syncMs,
    maxGroupBytes,
    maxQueuedBytes,
    clock: systemClock,
  });

  async function shutDown(): Promise<void> {
    clearInterval(housekeeping);
    await group.close();
    await files.close();
  }

  let closing: Promise<void> | undefined;
  return {
    name: dir,
    append(event) {
      const text = `${lineOf(event)}\n`;
      return group.add({ text, receivedMs: event.receivedMs }, Buffer.byteLength(text));
    },
    recall: (sinceMs) => recallSpool(dir, sinceMs),
    close: () => (closing ??= shutDown()),
  };
}

interface SpoolLine {
  readonly text: string;
  readonly receivedMs: number;
}

interface Files {
  append(lines: readonly SpoolLine[], bytes: number): Promise<void>;
  /** Removes what is too old, and looks what others have written. */
  keepHouse(): Promise<void>;
  close(): Promise<void>;
}

type Settings = typeof standard & SpoolOptions;

function createFiles(settings: Settings): Files {
  const { dir, maxBytes, keepMs, maxFileBytes, maxFileMs, meter, now } = settings;
  let current: { readonly file: SpoolFile; readonly openedMs: number } | undefined;
  let isAppending = false;
  let keptBytes = 0;

  async function close(): Promise<void> {
    const file = current?.file;
    current = undefined;
    await file?.close();
  }

  const tellKept = () => meter?.kept({ sink: "spool", bytes: keptBytes, maxBytes });
  const isOld = () => current !== undefined && now() - current.openedMs > maxFileMs;

  async function fileFor(lines: readonly SpoolLine[], bytes: number): Promise<SpoolFile> {
    if (isOld() || (current?.file.bytes() ?? 0) + bytes > maxFileBytes) await close();
    if (current === undefined) {
      const firstMs = Math.min(...lines.map(({ receivedMs }) => receivedMs));
      const file = await settings.openFile(join(dir, newFileName(firstMs)));
      current = { file, openedMs: now() };
    }
    return current.file;
  }

  return {
    close,
    async append(lines, bytes) {
      if (keptBytes + bytes > maxBytes) throw fullSink("the spool has no more room");
      const startedMs = performance.now();
      isAppending = true;
      try {
        const file = await fileFor(lines, bytes);
        await file.append(Buffer.from(lines.map(({ text }) => text).join("")));
      } catch (error) {
        current = undefined;
        throw refusalOf(error);
      } finally {
        isAppending = false;
      }
      keptBytes += bytes;
      tellKept();
      meter?.synced({ events: lines.length, bytes, tookMs: performance.now() - startedMs });
    },
    async keepHouse() {
      if (!isAppending && isOld()) await close();
      const entries = await listSpool(dir);
      const old = entries.filter(({ modifiedMs }) => modifiedMs < now() - keepMs);
      for (const { path } of old) await unlink(path).catch(() => {});
      const kept = entries.filter((entry) => !old.includes(entry));
      keptBytes = kept.reduce((sum, { bytes }) => sum + bytes, 0);
      tellKept();
    },
  };
}

const outOfRoom = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

function refusalOf(error: unknown): Error {
  const { code = "" } = error as NodeJS.ErrnoException;
  return outOfRoom.has(code) ? fullSink("the disk is full", error) : brokenSink(error);
}
