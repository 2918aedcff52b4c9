import { randomUUID } from "node:crypto";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ServingError } from "../../../proto/serving-error.ts";
import { fileError } from "../file-error.ts";
import { type Claimant, probe } from "./probe.ts";

/** The right to write in a folder. */
export interface Ownership {
  release(): Promise<void>;
}

/** Linux takes 107 bytes, macOS 103; libuv cuts longer ones without a word. */
const maxSocketPathBytes = 103;
const patienceMs = 5_000;
const abortedMs = 60_000;
const namePattern = /^owner-[0-9a-f-]{36}\.sock$/;

/**
 * One owner at a time, by unix sockets that claimants listen on: the kernel closes a killed one's, so nothing stale is
 * left, whatever became of its process id. Everybody announces first and looks round then, so of two neither can miss the
 * other. Rejects with FAILED_PRECONDITION that names the process that is there.
 */
export async function claimFolder(dir: string): Promise<Ownership> {
  const claim = await announce(dir);
  try {
    await prevail(claim);
  } catch (error) {
    await claim.release();
    throw error;
  }
  claim.self.isOwner = true;
  await removeAborted(dir);
  return claim;
}

interface Claim extends Ownership {
  readonly dir: string;
  /** Of `dir`, short enough for sockets. */
  readonly short: string;
  readonly name: string;
  readonly self: { isOwner: boolean };
}

async function announce(dir: string): Promise<Claim> {
  const name = `owner-${randomUUID()}.sock`;
  const self = { isOwner: false };
  const { path: short, handle } = await shortened(dir, name);
  const aside = join(short, name.replace("owner", "claim"));
  const server = createServer((socket) => {
    const { pid } = process;
    const claimant: Claimant = { pid, host: hostname(), isOwner: self.isOwner };
    socket.on("error", () => {}).end(JSON.stringify(claimant));
  });
  const release = async () => {
    await rm(join(dir, name), { force: true });
    await new Promise((resolve) => server.close(resolve));
    await handle?.close();
  };
  try {
    await listen(server, aside);
    // Nobody sees it before it answers.
    await rename(aside, join(short, name));
  } catch (error) {
    await release();
    throw unusable(dir, error);
  }
  server.unref();
  return { dir, short, name, self, release };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(path, resolve);
  });
}

function unusable(dir: string, error: unknown): ServingError {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "EOPNOTSUPP" && code !== "ENOTSUP" && code !== "EPERM") return fileError(dir, error);
  return new ServingError(
    "FAILED_PRECONDITION",
    `${dir} is on a file system without unix sockets (${code}), by which its owner is known: ` +
      "give --state a folder on a local disk",
    { cause: error },
  );
}

interface Shortened {
  readonly path: string;
  readonly handle?: FileHandle;
}

async function shortened(dir: string, name: string): Promise<Shortened> {
  const bytes = Buffer.byteLength(join(dir, name));
  if (bytes <= maxSocketPathBytes) return { path: dir };
  if (process.platform === "linux") {
    const handle = await open(dir);
    return { path: `/proc/self/fd/${handle.fd}`, handle };
  }
  const tooMany = bytes - maxSocketPathBytes;
  throw new ServingError(
    "INVALID_ARGUMENT",
    `the path of ${dir} is ${tooMany} bytes too long for a socket in it: give --state a shorter one`,
  );
}

/** Resolves when nobody else is there. */
async function prevail(claim: Claim): Promise<void> {
  const untilMs = performance.now() + patienceMs;
  while (true) {
    const others = await findOthers(claim);
    if (others.length === 0) return;
    const winner = others.find(({ isOwner, name }) => isOwner || name < claim.name);
    if (winner !== undefined) throw taken(claim.dir, winner);
    // The others find the same: they go, since this one's name is before theirs.
    if (performance.now() > untilMs) throw taken(claim.dir, others[0]!);
    await delay(10);
  }
}

type Other = Claimant & { readonly name: string };

async function findOthers({ dir, short, name: own }: Claim): Promise<readonly Other[]> {
  const names = (await readdir(dir)).filter((name) => namePattern.test(name) && name !== own);
  const found = await Promise.all(
    names.map(async (name) => {
      const claimant = await probe(join(short, name));
      if (claimant === undefined) await rm(join(dir, name), { force: true });
      return claimant && { ...claimant, name };
    }),
  );
  return found.filter((other) => other !== undefined);
}

/** Sockets of who was killed before it had announced itself. */
async function removeAborted(dir: string): Promise<void> {
  const names = (await readdir(dir)).filter((name) => /^claim-[0-9a-f-]{36}\.sock$/.test(name));
  for (const path of names.map((name) => join(dir, name))) {
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && found.mtimeMs < Date.now() - abortedMs)
      await rm(path, { force: true });
  }
}

function taken(dir: string, { pid, host }: Claimant): ServingError {
  const who = pid === undefined ? "a process that does not answer" : `process ${pid} on ${host}`;
  return new ServingError(
    "FAILED_PRECONDITION",
    `${dir} is in use by ${who}: stop it, or give this one a --state folder of its own; ` +
      "several routers share rollouts by --store",
  );
}
