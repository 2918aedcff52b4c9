import { readdir, readFile } from "node:fs/promises";
import { manifestFile } from "../models/bundle/bundle.ts";
import { readCertificates } from "./certificates.ts";
import type { ListeningConfig } from "./config/listening-settings.ts";
import { flagOf } from "./config/sources.ts";
import { parseCredentials } from "./control/admin/parse-credentials.ts";
import { certificateFiles } from "./open-sockets.ts";
import { readOverrideRole } from "./routing/override-token.ts";
import { parseDistributions } from "./routing/parse-distributions.ts";
import { readServersTls, type ServersTlsFiles } from "./routing/servers-tls.ts";
import type { RoutingConfig } from "./routing/routing-settings.ts";

/** What names files, of any command that serves. */
export type CheckedConfig = ListeningConfig &
  RoutingConfig &
  Partial<ServersTlsFiles> & { readonly models?: string; readonly bundle?: string };

/** Throws an Error that says what is wrong with what is there. */
type Check = (path: string) => Promise<unknown>;

const isFile: Check = (path) => readFile(path);
const isText = (path: string) => readFile(path, "utf8");

async function isBundle(path: string): Promise<void> {
  if (!(await readdir(path)).includes(manifestFile)) throw new Error(`it has no ${manifestFile}`);
}

/** What is wrong with each file by itself. */
const checks: { readonly [Name in keyof CheckedConfig]?: Check } = {
  models: (path) => readdir(path),
  bundle: isBundle,
  distributions: async (path) => parseDistributions(await isText(path), path),
  adminTokens: async (path) => parseCredentials(await isText(path), path),
  overrideTokenFile: readOverrideRole,
  storePasswordFile: isFile,
  storeTlsAuthority: isFile,
  feedbackPasswordFile: isFile,
  feedbackTlsAuthority: isFile,
  tlsCertificate: isFile,
  tlsKey: isFile,
  tlsClientAuthority: isFile,
  serversTlsAuthority: isFile,
  serversTlsCertificate: isFile,
  serversTlsKey: isFile,
};

/** Complaints about all files and folders that a process is to begin with; it has opened nothing yet. */
export async function checkFiles(config: CheckedConfig): Promise<readonly string[]> {
  const given = Object.entries(checks).flatMap(([name, check]) => {
    const path = config[name as keyof CheckedConfig];
    return typeof path === "string" ? [{ name, path, check }] : [];
  });
  const found = await Promise.all(given.map(complaintOf));
  const complaints = found.filter((one) => one !== undefined);
  return complaints.length > 0 ? complaints : await misfitsOf(config);
}

interface Given {
  readonly name: string;
  readonly path: string;
  readonly check: Check;
}

async function complaintOf({ name, path, check }: Given): Promise<string | undefined> {
  try {
    await check(path);
    return undefined;
  } catch (error) {
    const reason = reasonOf(error as NodeJS.ErrnoException);
    return reason.includes(path)
      ? `${flagOf(name)}: ${reason}`
      : `${flagOf(name)} is ${path}: ${reason}`;
  }
}

/** Of files that can be read, whether they fit each other. */
async function misfitsOf(config: CheckedConfig): Promise<readonly string[]> {
  const files = certificateFiles(config);
  const told = await Promise.allSettled([files && readCertificates(files), readServersTls(config)]);
  return told.flatMap((one) => (one.status === "rejected" ? [(one.reason as Error).message] : []));
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "it is not there",
  ENOTDIR: "it is not there, or no folder",
  EISDIR: "it is a folder, not a file",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
  ELOOP: "it is a link to itself",
};

function reasonOf({ code = "", message }: NodeJS.ErrnoException): string {
  return reasons[code] ?? message;
}
