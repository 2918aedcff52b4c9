import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { expect, test } from "vitest";
import { createTrialAuthority } from "../transport/issue-certificates.ts";
import { openModelsFolder, openPuppetServing } from "./puppet-serving.ts";

const authority = createTrialAuthority();
const client = authority.issue("client");

/** The name in the certificate that a new connection is shown. */
async function shownName(port: number): Promise<string> {
  const { certificate: cert, key } = client;
  const ca = authority.certificate;
  const socket = connectTls({ port, ca, cert, key, ALPNProtocols: ["h2"] });
  await once(socket, "secureConnect");
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

test("certificates are replaced under live traffic without a failed call", async () => {
  await using folder = await openModelsFolder("music/1");
  const at = (name: string) => join(folder.path, name);
  const write = async (name: string) => {
    const { certificate, key } = authority.issue(name);
    await writeFile(at("tls.key"), key);
    await writeFile(at("tls.crt"), certificate);
  };
  await write("first");
  await writeFile(at("ca.crt"), authority.certificate);
  await using server = await openPuppetServing({
    flags: {
      models: folder.path,
      "tls-certificate": at("tls.crt"),
      "tls-key": at("tls.key"),
      "tls-client-authority": at("ca.crt"),
    },
    channel: { serverAuthority: authority.certificate, certificates: client },
  });
  await server.serving.started;
  const done = new AbortController();
  let answered = 0;
  const caller = async () => {
    for (; !done.signal.aborted; answered += 1) await server.recommend("music");
  };
  const callers = Array.from({ length: 4 }, caller);
  expect(await shownName(server.serving.port)).toBe("first");
  await write("second");
  await expect.poll(() => shownName(server.serving.port)).toBe("second");
  const before = answered;
  await expect.poll(() => answered).toBeGreaterThan(before);
  done.abort();
  await Promise.all(callers);
  const { text } = await server.page("/metrics");
  expect(text).toMatch(/crossfade_certificate_expiry_timestamp_seconds\{use="server"\} \d{10}/);
});

test("files that do not fit end the start", async () => {
  await using folder = await openModelsFolder();
  const at = (name: string) => join(folder.path, name);
  await writeFile(at("tls.crt"), authority.issue("one").certificate);
  await writeFile(at("tls.key"), authority.issue("other").key);
  const flags = { models: folder.path, "tls-certificate": at("tls.crt"), "tls-key": at("tls.key") };
  await expect(openPuppetServing({ flags })).rejects.toThrow("is not the one of the certificate");
});
