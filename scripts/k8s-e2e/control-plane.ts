import { generateKeyPairSync, randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../chaos/free-port.ts";
import { type Api, createApi, messageOf } from "./api.ts";
import { type Daemon, startDaemon } from "./daemon.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import type { Programs, Say } from "./programs.ts";
import { Hopeless, notYet, waitFor } from "./wait-for.ts";

/** A cluster whose nodes and containers are pretended, by kwok; everything else is real. On loopback only. */
export interface ControlPlane extends AsyncDisposable {
  readonly api: Api;
  /** Of its administrator. */
  readonly kubeconfig: string;
  /** A folder that goes with it. */
  readonly folder: string;
}

const controllers = "system:kube-controller-manager";
const scheduler = "system:kube-scheduler";
const administrator = "e2e-administrator";

export async function openControlPlane(programs: Programs, say: Say): Promise<ControlPlane> {
  const folder = await mkdtemp(join(tmpdir(), "crossfade-k8s-"));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once("exit", remove);
  const running: Daemon[] = [];
  const close = async () => {
    for (const daemon of running.toReversed()) await daemon[Symbol.asyncDispose]();
    process.removeListener("exit", remove);
    remove();
  };
  const start = (name: string, args: readonly string[]) => {
    const log = join(folder, `${name}.log`);
    const daemon = startDaemon({ name, file: programs.path(name), args, log });
    running.push(daemon);
    return daemon;
  };
  try {
    say("Starting etcd and kube-apiserver");
    const { api, kubeconfigs } = await startApiServer(folder, start);
    say("Starting kube-controller-manager, kube-scheduler and kwok");
    start("kube-controller-manager", controllerFlags(folder, kubeconfigs[controllers]!));
    start("kube-scheduler", [
      `--kubeconfig=${kubeconfigs[scheduler]}`,
      "--leader-elect=false",
      "--secure-port=0",
    ]);
    const kubeconfig = kubeconfigs[administrator]!;
    start("kwok", await kwokFlags(programs, kubeconfig));
    await untilControlled(api, running);
    return { api, kubeconfig, folder, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Start = (name: string, args: readonly string[]) => Daemon;

interface ApiServer {
  readonly api: Api;
  /** By user. */
  readonly kubeconfigs: Readonly<Record<string, string>>;
}

async function startApiServer(folder: string, start: Start): Promise<ApiServer> {
  const [client, peer, port] = await Promise.all([freePort(), freePort(), freePort()]);
  const etcdUrl = `http://127.0.0.1:${client}`;
  start("etcd", etcdFlags(folder, etcdUrl, `http://127.0.0.1:${peer}`));
  const tokens = await writeIdentities(folder);
  const certificates = join(folder, "certificates");
  await mkdir(certificates);
  const server = start("kube-apiserver", apiFlags(folder, etcdUrl, port));
  const url = `https://127.0.0.1:${port}`;
  const authorityFile = join(certificates, "apiserver.crt");
  const authority = await waitFor({ what: "kube-apiserver has a certificate" }, async () => {
    await assertRunning([server]);
    const text = await readFile(authorityFile, "utf8");
    return text.includes("END CERTIFICATE") ? text : notYet("half of one");
  });
  const api = createApi({ url, token: tokens[administrator]!, authority });
  await waitFor({ what: "kube-apiserver is ready" }, async () => {
    await assertRunning([server]);
    const { status, body } = await api.ask("GET", "/readyz");
    if (status !== 200) notYet(`${status} ${messageOf(body)}`);
  });
  const kubeconfigs: Record<string, string> = {};
  for (const [user, token] of Object.entries(tokens)) {
    const file = join(folder, `${user.replaceAll(":", "-")}.kubeconfig`);
    await writeKubeconfig(file, { url, token, authorityFile });
    kubeconfigs[user] = file;
  }
  return { api, kubeconfigs };
}

/** Tokens by user; the controllers and the scheduler have the roles that every cluster gives them. */
async function writeIdentities(folder: string): Promise<Readonly<Record<string, string>>> {
  const tokens: Record<string, string> = {};
  for (const user of [administrator, controllers, scheduler]) {
    tokens[user] = randomBytes(24).toString("hex");
  }
  const lines = Object.entries(tokens).map(([user, token], i) =>
    user === administrator ? `${token},${user},${i},system:masters` : `${token},${user},${i}`,
  );
  await writeFile(join(folder, "tokens.csv"), `${lines.join("\n")}\n`, { mode: 0o600 });
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const pem = { format: "pem" } as const;
  const secret = privateKey.export({ ...pem, type: "pkcs8" });
  await writeFile(join(folder, "accounts.key"), secret, { mode: 0o600 });
  await writeFile(join(folder, "accounts.pub"), publicKey.export({ ...pem, type: "spki" }));
  return tokens;
}

function etcdFlags(folder: string, clientUrl: string, peerUrl: string): readonly string[] {
  return [
    "--name=e2e",
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${clientUrl}`,
    `--advertise-client-urls=${clientUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=e2e=${peerUrl}`,
    // What it holds is gone with it anyway.
    "--unsafe-no-fsync=true",
  ];
}

function apiFlags(folder: string, etcdUrl: string, port: number): readonly string[] {
  return [
    `--etcd-servers=${etcdUrl}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=192.0.2.1",
    "--endpoint-reconciler-type=none",
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, "certificates")}`,
    "--anonymous-auth=false",
    "--authorization-mode=Node,RBAC",
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${join(folder, "accounts.pub")}`,
    `--service-account-signing-key-file=${join(folder, "accounts.key")}`,
    "--service-cluster-ip-range=10.96.0.0/16",
    // As clusters have it: what refuses such pods is Pod Security, and nothing else.
    "--allow-privileged=true",
    // Others are on by default, PodSecurity among them.
    "--enable-admission-plugins=NodeRestriction",
  ];
}

function controllerFlags(folder: string, kubeconfig: string): readonly string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    "--leader-elect=false",
    "--secure-port=0",
    "--use-service-account-credentials=true",
    `--service-account-private-key-file=${join(folder, "accounts.key")}`,
    `--root-ca-file=${join(folder, "certificates", "apiserver.crt")}`,
    "--horizontal-pod-autoscaler-sync-period=3s",
  ];
}

/** With the behaviour of nodes and pods that comes with it. */
async function kwokFlags({ kwokFolder }: Programs, kubeconfig: string): Promise<readonly string[]> {
  const folders = ["node/fast", "node/heartbeat-with-lease", "pod/fast"];
  const stages: string[] = [];
  for (const folder of folders) {
    const whole = join(kwokFolder, "kustomize/stage", folder);
    const files = (await readdir(whole)).filter((file) => /^(node|pod)-.*\.yaml$/.test(file));
    stages.push(...files.map((file) => `--config=${join(whole, file)}`));
  }
  const nodes = ["--manage-all-nodes=true", "--node-lease-duration-seconds=40"];
  return [`--kubeconfig=${kubeconfig}`, ...nodes, ...stages];
}

async function assertRunning(daemons: readonly Daemon[]): Promise<void> {
  const ended = daemons.find((daemon) => !daemon.isRunning());
  if (ended) throw new Hopeless(`${ended.name} has ended; it said:\n${await ended.lastWords()}`);
}

/** Until controllers answer by what they do, and nothing has ended. */
async function untilControlled(api: Api, running: readonly Daemon[]): Promise<void> {
  await waitFor({ what: "controllers make the default service account" }, async () => {
    await assertRunning(running);
    return api.get("/api/v1/namespaces/default/serviceaccounts/default");
  });
}
