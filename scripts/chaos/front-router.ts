import type { Distribution } from "../../router/distribution.ts";
import { startCrossfade } from "../bench/live/crossfade-process.ts";
import { freePort } from "./free-port.ts";
import { monotonicMs } from "./monotonic-ms.ts";

/** A document, from when it may have been in force. */
export interface Applied {
  readonly document: Distribution;
  /** Before that it was not. */
  readonly askedMs: number;
  /** From then on it was, until the next one. */
  readonly confirmedMs: number;
}

/** `crossfade route` in a process of its own. */
export interface FrontRouter extends AsyncDisposable {
  readonly address: string;
  readonly pid: number;
  /** By its admin port; throws when it refuses. */
  apply(document: Distribution): Promise<Applied>;
}

export interface FrontRouterOptions {
  /** Of the compiled sources. */
  readonly dir: string;
  readonly servers: readonly string[];
}

const flags = ["--port", "0", "--http-port", "off", "--metrics-port", "off"];

/** Resolves when it listens; it looks at its servers in its own time. */
export async function openFrontRouter({ dir, servers }: FrontRouterOptions): Promise<FrontRouter> {
  const adminPort = await freePort();
  const args = ["route", "--servers", servers.join(","), "--admin-port", `${adminPort}`, ...flags];
  const process = startCrossfade({ dir, args });
  const { grpc } = await process.logged(({ message }) => message === "listening");
  return {
    address: String(grpc),
    pid: process.pid,
    async apply(document) {
      const askedMs = monotonicMs();
      await put(`http://127.0.0.1:${adminPort}/v1/distributions/${document.model}`, document);
      return { document, askedMs, confirmedMs: monotonicMs() };
    },
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}

async function put(url: string, document: Distribution): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "PUT", headers, body: JSON.stringify(document) });
  if (!response.ok) throw new Error(`PUT ${url}: ${response.status} ${await response.text()}`);
}
