import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../chaos/free-port.ts";

/** A proxy that others know, in a process with one thread. */
export interface Proxy extends AsyncDisposable {
  readonly address: string;
  readonly pid: number;
}

export interface ProxyKind {
  readonly name: "nginx" | "haproxy";
  readonly args: (configFile: string) => readonly string[];
  readonly config: (ports: Ports) => string;
}

interface Ports {
  readonly own: number;
  readonly upstream: number;
  /** A folder of its own. */
  readonly dir: string;
}

export const proxyKinds: readonly ProxyKind[] = [
  {
    name: "nginx",
    args: (file) => ["-c", file],
    config: ({ own, upstream, dir }) => `
daemon off; master_process off; worker_processes 1;
pid ${dir}/nginx.pid; error_log ${dir}/error.log crit;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/proxy; fastcgi_temp_path ${dir}/fastcgi;
  uwsgi_temp_path ${dir}/uwsgi; scgi_temp_path ${dir}/scgi;
  upstream servers { server 127.0.0.1:${upstream}; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${own} http2;
    keepalive_requests 1000000000; http2_max_concurrent_streams 256;
    location / { grpc_pass grpc://servers; }
  }
}
`,
  },
  {
    name: "haproxy",
    args: (file) => ["-db", "-f", file],
    config: ({ own, upstream }) => `
global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend calls
  bind 127.0.0.1:${own} proto h2
  default_backend servers
backend servers
  http-reuse always
  server one 127.0.0.1:${upstream} proto h2
`,
  },
];

/** Why it cannot be measured here; undefined when it can. */
export function missing({ name }: ProxyKind): string | undefined {
  const { error } = spawnSync(name, ["-v"]);
  return error && `${name} is not installed`;
}

/** Resolves when it listens. */
export async function openProxy(kind: ProxyKind, upstream: string): Promise<Proxy> {
  const dir = await mkdtemp(join(tmpdir(), `crossfade-${kind.name}-`));
  const own = await freePort();
  const file = join(dir, "config");
  const ports = { own, upstream: Number(upstream.split(":").at(-1)), dir };
  await writeFile(file, kind.config(ports));
  const child = spawn(kind.name, kind.args(file), { stdio: ["ignore", "ignore", "inherit"] });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  await listening(own, child);
  return {
    address: `127.0.0.1:${own}`,
    pid: child.pid!,
    async [Symbol.asyncDispose]() {
      const exited = once(child, "exit");
      end();
      await exited;
      process.removeListener("exit", end);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  while (!(await canConnect(port))) {
    if (child.exitCode !== null) throw new Error(`the proxy ended with ${child.exitCode}`);
    await sleep(20);
  }
}

async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
