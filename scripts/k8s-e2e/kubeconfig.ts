import { writeFile } from "node:fs/promises";

export interface Access {
  readonly url: string;
  readonly token: string;
  readonly authorityFile: string;
}

export async function writeKubeconfig(file: string, access: Access): Promise<void> {
  const { url, token, authorityFile } = access;
  const name = "e2e";
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: url, "certificate-authority": authorityFile } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  };
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
}
