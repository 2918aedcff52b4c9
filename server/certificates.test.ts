import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTrialAuthority } from "../transport/issue-certificates.ts";
import type { Certificates } from "../transport/transport.ts";
import { followCertificates, readCertificates, type CertificateFiles } from "./certificates.ts";
import { createLog } from "./log/log.ts";

const authority = createTrialAuthority();
type Issued = Pick<Certificates, "certificate" | "key">;

async function scratchFolder() {
  const path = await mkdtemp(join(tmpdir(), "crossfade-certificates-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

async function write(dir: string, { certificate, key }: Issued): Promise<CertificateFiles> {
  await mkdir(dir, { recursive: true });
  const files = { certificate: join(dir, "tls.crt"), key: join(dir, "tls.key") };
  await writeFile(files.key, key);
  await writeFile(files.certificate, certificate);
  return files;
}

/** Follows the files every few milliseconds and keeps what happened. */
async function follow(files: CertificateFiles) {
  const stop = new AbortController();
  const replaced: Certificates[] = [];
  const expiries: Date[] = [];
  const lines: string[] = [];
  const following = followCertificates({
    files,
    current: await readCertificates(files),
    log: createLog({ isPretty: false, write: (line) => lines.push(line) }),
    pollMs: 5,
    signal: stop.signal,
    replace: (certificates) => replaced.push(certificates),
    expires: (at) => expiries.push(at),
  });
  return {
    replaced,
    expiries,
    complaints: () => lines.filter((line) => line.includes("not replaced")),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await following;
    },
  };
}

test("files written over are noticed, and their end is told", async () => {
  await using folder = await scratchFolder();
  const files = await write(folder.path, authority.issue("first"));
  await using followed = await follow(files);
  expect(followed.expiries).toHaveLength(1);
  const second = authority.issue("second");
  await write(folder.path, second);
  await expect.poll(() => followed.replaced).toEqual([second]);
  expect(followed.expiries).toHaveLength(2);
});

test("a link that Kubernetes moves is noticed", async () => {
  await using folder = await scratchFolder();
  const at = (name: string) => join(folder.path, name);
  await write(at("..2025_01"), authority.issue("first"));
  const second = authority.issue("second");
  await write(at("..2025_02"), second);
  await symlink("..2025_01", at("..data"));
  for (const file of ["tls.crt", "tls.key"]) await symlink(join("..data", file), at(file));
  await using followed = await follow({ certificate: at("tls.crt"), key: at("tls.key") });
  await symlink("..2025_02", at("..data_tmp"));
  await rename(at("..data_tmp"), at("..data"));
  await expect.poll(() => followed.replaced).toEqual([second]);
});

/** At once: half of a file would be a complaint of its own. */
async function replaceFile(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

test("a pair that does not fit is complained of once, and taken when it does", async () => {
  await using folder = await scratchFolder();
  const files = await write(folder.path, authority.issue("first"));
  await using followed = await follow(files);
  const second = authority.issue("second");
  await replaceFile(files.certificate, second.certificate);
  await expect.poll(followed.complaints).toHaveLength(1);
  expect(followed.complaints()[0]).toContain("is not the one of the certificate");
  await replaceFile(files.key, second.key);
  await expect.poll(() => followed.replaced).toEqual([second]);
  expect(followed.complaints()).toHaveLength(1);
});

test("files that vanish leave the old certificates in use", async () => {
  await using folder = await scratchFolder();
  const files = await write(folder.path, authority.issue("first"));
  await using followed = await follow(files);
  await rm(files.key);
  await expect.poll(followed.complaints).toHaveLength(1);
  expect(followed.replaced).toEqual([]);
});

test.each<[string, Partial<Record<keyof CertificateFiles, string>>, string]>([
  ["a certificate that is none", { certificate: "nonsense" }, "certificate is not usable"],
  ["a key that is none", { key: "nonsense" }, "key is not usable"],
  ["a key of another certificate", { key: authority.issue("other").key }, "is not the one"],
  ["an authority that is none", { clientAuthority: "nonsense" }, "clientAuthority is not usable"],
])("%s is refused by name", async (_, wrong, complaint) => {
  await using folder = await scratchFolder();
  const content = {
    ...authority.issue("server"),
    clientAuthority: authority.certificate,
    ...wrong,
  };
  const at = (name: keyof CertificateFiles) => join(folder.path, name);
  for (const name of ["certificate", "key", "clientAuthority"] as const) {
    await writeFile(at(name), content[name]);
  }
  const files = {
    certificate: at("certificate"),
    key: at("key"),
    clientAuthority: at("clientAuthority"),
  };
  const failure = readCertificates(files);
  await expect(failure).rejects.toThrow(complaint);
  await expect(failure).rejects.not.toThrow(await readFile(at("key"), "utf8"));
});
