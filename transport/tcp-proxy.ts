import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A connection that is not as good as it should be, for tests: stands between a client and a server on this machine. */
export interface TcpProxy extends AsyncDisposable {
  /** "127.0.0.1:PORT", where clients connect. */
  readonly address: string;
  readonly port: number;
  /** Of clients. */
  readonly connections: number;
  /** What happens from now on, to connections that are open and to new ones. `{}`: nothing, all passes. */
  set(faults: ProxyFaults): void;
  /** Every open connection ends at once with a TCP reset. New ones are taken. */
  reset(): void;
}

export interface ProxyFaults {
  /** Added each way, in the order in which it came. */
  readonly delayMs?: number;
  /**
   * Nothing passes, though connections are open and new ones are taken. What was sent comes through when it ends, as TCP
   * would see to. "replies": what clients send does pass.
   */
  readonly blackhole?: "all" | "replies";
  /** New connections are reset at once. */
  readonly refuse?: boolean;
  /** A client gets that many bytes more of what the server sends, and then the end of the connection. */
  readonly cutAfterBytes?: number;
}

export interface ProxyTarget {
  readonly host?: string;
  readonly port: number;
}

interface Line {
  readonly ends: readonly [Socket, Socket];
  readonly ways: readonly [Way, Way];
}

/** Listens on a free port of the loopback. */
export async function startTcpProxy({ host = "127.0.0.1", port }: ProxyTarget): Promise<TcpProxy> {
  const lines = new Set<Line>();
  let faults: ProxyFaults = {};

  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (faults.refuse === true) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ host, port, allowHalfOpen: true });
    const ends = [client, upstream] as const;
    const line = { ends, ways: [openWay(client, upstream), openWay(upstream, client)] as const };
    lines.add(line);
    for (const socket of ends) socket.setNoDelay(true).on("error", () => resetLine(line));
    client.once("close", () => (lines.delete(line), upstream.destroy()));
    apply(line, faults);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: ownPort } = server.address() as AddressInfo;
  const reset = () => lines.forEach(resetLine);

  return {
    address: `127.0.0.1:${ownPort}`,
    port: ownPort,
    get connections() {
      return lines.size;
    },
    set(next) {
      faults = next;
      for (const line of lines) apply(line, faults);
    },
    reset,
    async [Symbol.asyncDispose]() {
      reset();
      server.close();
      await once(server, "close");
    },
  };
}

function resetLine({ ends }: Line): void {
  for (const socket of ends) socket.resetAndDestroy();
}

function apply({ ways: [there, back] }: Line, faults: ProxyFaults): void {
  const { delayMs = 0, blackhole, cutAfterBytes = Infinity } = faults;
  there.set({ delayMs, isBlocked: blackhole === "all", leftBytes: Infinity });
  back.set({ delayMs, isBlocked: blackhole !== undefined, leftBytes: cutAfterBytes });
}

interface WayTerms {
  readonly delayMs: number;
  readonly isBlocked: boolean;
  readonly leftBytes: number;
}

/** One direction of a connection. */
interface Way {
  set(terms: WayTerms): void;
}

const maxQueuedBytes = 1 << 20;

/** Bytes wait in a queue, each piece for its time, and the end of the stream behind them. */
function openWay(from: Socket, to: Socket): Way {
  const queue: { readonly piece: Buffer | undefined; readonly dueMs: number }[] = [];
  let terms: WayTerms = { delayMs: 0, isBlocked: false, leftBytes: Infinity };
  let leftBytes = Infinity;
  let queuedBytes = 0;
  let timer: NodeJS.Timeout | undefined;

  function enter(piece: Buffer | undefined): void {
    queue.push({ piece, dueMs: performance.now() + terms.delayMs });
    queuedBytes += piece?.length ?? 0;
    if (queuedBytes > maxQueuedBytes) from.pause();
    leave();
  }

  function leave(): void {
    clearTimeout(timer);
    while (queue.length > 0 && !terms.isBlocked && !to.writableNeedDrain && to.writable) {
      const waitMs = queue[0]!.dueMs - performance.now();
      if (waitMs > 0) {
        timer = setTimeout(leave, Math.ceil(waitMs));
        return;
      }
      pass(queue.shift()!.piece);
    }
    if (queuedBytes <= maxQueuedBytes) from.resume();
  }

  function pass(piece: Buffer | undefined): void {
    if (piece === undefined) return void to.end();
    queuedBytes -= piece.length;
    leftBytes -= piece.length;
    if (leftBytes > 0) return void to.write(piece);
    to.end(piece.subarray(0, piece.length + leftBytes), () => to.destroy());
  }

  to.on("drain", leave).once("connect", leave);
  from.on("data", enter).once("end", () => enter(undefined));
  from.once("close", () => clearTimeout(timer));
  return {
    set(next) {
      terms = next;
      leftBytes = next.leftBytes;
      leave();
    },
  };
}
