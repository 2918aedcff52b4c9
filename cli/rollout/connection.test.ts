import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { digestOf, makeToken } from "../../server/control/admin/token.ts";
import { openFolder, type Folder } from "../../server/control/router.fixture.ts";
import { createTrialAuthority } from "../../transport/issue-certificates.ts";
import { openScene, runCli, words } from "./cli.fixture.ts";

const token = makeToken();
const viewer = makeToken();

function lineOf(name: string, role: string, shown: string): string {
  return JSON.stringify({ name, role, sha256: digestOf(shown)!.toString("hex") });
}

async function writeCredentials(folder: Folder): Promise<string> {
  const file = join(folder.path, "credentials");
  const lines = [
    lineOf("ann", "operator", token),
    lineOf("vic", "viewer", viewer),
    JSON.stringify({ name: "deploys", role: "operator", certificate: "CN=deploys" }),
  ];
  await writeFile(file, lines.join("\n"));
  return file;
}

test("by a token from a file or the environment, whose name the audit has", async () => {
  await using folder = await openFolder();
  await using scene = await openScene({ folder, credentials: await writeCredentials(folder) });
  const file = await scene.run("set weight 5% -m x --token-file t", { files: { t: `${token}\n` } });
  expect(file).toMatchObject({ code: 0, complained: "" });
  const env = { CROSSFADE_ADMIN_TOKEN: token };
  const { printed } = await scene.run("history --limit 1", { env });
  expect(printed).toMatch(/ann {3}set weight/);
});

test("without a role it says what is missing, and never shows the token", async () => {
  await using folder = await openFolder();
  await using scene = await openScene({ folder, credentials: await writeCredentials(folder) });
  const nobody = await scene.run("get");
  expect(nobody).toMatchObject({ code: 1, complained: expect.stringContaining("UNAUTHENTICATED") });
  const other = makeToken();
  const wrong = await scene.run("get", { env: { CROSSFADE_ADMIN_TOKEN: other } });
  expect(wrong.complained).toContain("this token is not known here");
  expect(wrong.complained).not.toContain(other);
  const env = { CROSSFADE_ADMIN_TOKEN: viewer };
  expect((await scene.run("get", { env })).code).toBe(0);
  const denied = await scene.run("set weight 5% -m x", { env });
  expect(denied.complained).toContain(
    "PERMISSION_DENIED: set weight needs the role operator, and vic is viewer; ask somebody who is operator",
  );
  const dry = await scene.run("set weight 5% --dry-run", { env });
  expect(dry.complained).toContain("a viewer can ask `crossfade rollout simulate`");
  const lowering = await scene.run("break-glass canary=0bp -m x", { env });
  expect(lowering.complained).toContain("break-glass needs the role operator");
});

test("by TLS, with a token or a certificate", async () => {
  await using folder = await openFolder();
  const authority = createTrialAuthority();
  const stranger = createTrialAuthority("another");
  const { certificate, key } = authority.issue("admin");
  const path = (name: string) => join(folder.path, name);
  const certificates = { certificate: path("crt"), key: path("key"), clientAuthority: path("ca") };
  await writeFile(certificates.certificate, certificate);
  await writeFile(certificates.key, key);
  await writeFile(certificates.clientAuthority, authority.certificate);
  await using scene = await openScene({
    folder,
    certificates,
    credentials: await writeCredentials(folder),
    channel: { serverAuthority: authority.certificate },
  });
  const own = authority.issue("deploys");
  const files = {
    ca: authority.certificate,
    other: stranger.certificate,
    crt: own.certificate,
    key: own.key,
  };
  const trusting = "--tls-authority ca --tls-certificate crt --tls-key key";
  const changed = await scene.run(`set weight 5% -m x -o json ${trusting}`, { files });
  expect(changed.complained).toBe("");
  expect(JSON.parse(changed.printed)).toMatchObject({ rollout: { changed: { by: "deploys" } } });
  const distrusting = trusting.replace("ca", "other");
  const refused = await scene.run(`get --timeout 2s ${distrusting}`, { files });
  expect(refused).toMatchObject({
    code: 1,
    complained: expect.stringContaining("the authority in --tls-authority did not sign"),
  });
});

test("a certificate for another host is told as that", async () => {
  await using folder = await openFolder();
  const authority = createTrialAuthority();
  const { certificate, key } = authority.issue("admin", { names: ["router.example"] });
  const certificates = { certificate: join(folder.path, "crt"), key: join(folder.path, "key") };
  await writeFile(certificates.certificate, certificate);
  await writeFile(certificates.key, key);
  const channel = { serverAuthority: authority.certificate, serverName: "router.example" };
  await using scene = await openScene({ folder, certificates, channel });
  const files = { ca: authority.certificate };
  const { code, complained } = await scene.run("get --timeout 2s --tls-authority ca", { files });
  expect({ code, complained }).toEqual({
    code: 1,
    complained: expect.stringContaining("is for other names; write --admin with one that it has"),
  });
});

test.each([
  ["get --admin nowhere", '--admin is "nowhere"; it must be HOST:PORT or unix:/path'],
  ["get --token-file gone", "cannot read --token-file gone: ENOENT"],
  ["get --tls-certificate crt --tls-authority crt", "need each other"],
  ["get --tls-certificate crt --tls-key crt", "--tls-certificate needs --tls-authority"],
  ["get --admin 10.0.0.1:8503 --token-file t", "would go to 10.0.0.1:8503 for everybody to read"],
  ["get --admin 127.example.invalid:8503 --token-file t", "would go to 127.example.invalid:8503"],
  ["get --admin dns:127.example.invalid:8503 --token-file t", "for everybody to read"],
  ["get --token-file words", "the token has spaces or other characters that no token has"],
])("%s is refused before anything is sent", async (line, message) => {
  const files = { crt: "PEM", t: token, words: "not a token" };
  const { code, complained } = await runCli(words(line), { files });
  expect({ code, complained }).toEqual({ code: 2, complained: expect.stringContaining(message) });
  expect(complained).not.toContain(token);
});
