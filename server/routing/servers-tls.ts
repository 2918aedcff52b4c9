import { readFile } from "node:fs/promises";
import { X509Certificate } from "node:crypto";
import type { RemoteOptions } from "../../backends/remote/remote.ts";
import { readCertificates } from "../certificates.ts";

/** Paths of PEM files. */
export interface ServersTlsFiles {
  readonly serversTlsAuthority?: string;
  readonly serversTlsCertificate?: string;
  readonly serversTlsKey?: string;
}

/** Whom this router trusts, and what it shows to servers. */
export type ServersTls = NonNullable<RemoteOptions["tls"]>;

/** Undefined: plain text. Throws an Error that names the file to blame. */
export async function readServersTls(files: ServersTlsFiles): Promise<ServersTls | undefined> {
  const { serversTlsAuthority, serversTlsCertificate: certificate, serversTlsKey: key } = files;
  if (serversTlsAuthority === undefined) return undefined;
  const serverAuthority = await readAuthority(serversTlsAuthority);
  if (certificate === undefined || key === undefined) return { serverAuthority };
  return { serverAuthority, certificates: await readCertificates({ certificate, key }) };
}

/** Whether connections by the one are as good as those by the other. */
export function isSameTls(a: ServersTls | undefined, b: ServersTls | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

async function readAuthority(file: string): Promise<string> {
  const text = await readFile(file, "utf8");
  try {
    void new X509Certificate(text);
    return text;
  } catch (error) {
    throw new Error(`${file} is not usable: ${(error as Error).message}`, { cause: error });
  }
}
