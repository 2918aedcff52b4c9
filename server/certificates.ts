import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Certificates } from "../transport/transport.ts";
import type { Log } from "./log/log.ts";

/** A certificate that ends this soon should have been replaced by now. */
const endingMs = 7 * 24 * 60 * 60_000;

/** Paths of PEM files. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
  readonly clientAuthority?: string;
}

export interface FollowCertificatesOptions {
  readonly files: CertificateFiles;
  /** What the files held when the server started. */
  readonly current: Certificates;
  readonly log: Log;
  /** Default 10,000. */
  readonly pollMs?: number;
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** Takes new certificates that fit together. What it throws is logged, and the old ones stay. */
  replace(certificates: Certificates): void;
  /** When the certificate in use ends, now and after each change. */
  expires?(at: Date): void;
}

/**
 * Follows files by reading them again: it notices every way in which they are replaced (in place, by rename, by
 * Kubernetes moving a link) without trusting times or inodes. Resolves when the signal aborts.
 */
export async function followCertificates(options: FollowCertificatesOptions): Promise<void> {
  const { files, log, pollMs = 10_000, signal } = options;
  let { current } = options;
  let lastComplaint = "";

  /** Files change one after the other: a pair that does not fit is a complaint once, and looked at again. */
  async function poll(): Promise<void> {
    try {
      const read = await readCertificates(files);
      if (isSame(read, current)) return;
      options.replace(read);
      current = read;
      lastComplaint = "";
      announce(current, options);
    } catch (error) {
      const isNew = String(error) !== lastComplaint;
      if (isNew) log.warn("certificates not replaced; the old ones stay in use", { error });
      lastComplaint = String(error);
    }
  }

  announce(current, options);
  while (await sleptThrough(pollMs, signal)) await poll();
}

function announce({ certificate }: Certificates, options: FollowCertificatesOptions): void {
  const { subject, validTo } = new X509Certificate(certificate);
  const expires = new Date(validTo);
  const isEnding = expires.getTime() - Date.now() < endingMs;
  options.log[isEnding ? "warn" : "info"]("certificate in use", { subject, expires });
  options.expires?.(expires);
}

async function sleptThrough(ms: number, signal: AbortSignal): Promise<boolean> {
  return delay(ms, true, { signal, ref: false }).catch(() => false);
}

/** Reads the files; throws an Error that names the one to blame. */
export async function readCertificates(files: CertificateFiles): Promise<Certificates> {
  const [certificate, key, clientAuthority] = await Promise.all([
    readFile(files.certificate, "utf8"),
    readFile(files.key, "utf8"),
    files.clientAuthority === undefined ? undefined : readFile(files.clientAuthority, "utf8"),
  ]);
  const leaf = parse(files.certificate, () => new X509Certificate(certificate));
  const privateKey = parse(files.key, () => createPrivateKey(key));
  if (!leaf.checkPrivateKey(privateKey)) {
    throw new Error(
      `the key in ${files.key} is not the one of the certificate in ${files.certificate}`,
    );
  }
  if (clientAuthority === undefined) return { certificate, key };
  parse(files.clientAuthority!, () => new X509Certificate(clientAuthority));
  return { certificate, key, clientAuthority };
}

function parse<Parsed>(file: string, read: () => Parsed): Parsed {
  try {
    return read();
  } catch (error) {
    throw new Error(`${file} is not usable: ${(error as Error).message}`, { cause: error });
  }
}

function isSame(a: Certificates, b: Certificates): boolean {
  return (
    a.certificate === b.certificate && a.key === b.key && a.clientAuthority === b.clientAuthority
  );
}
