import type { Server, Socket } from "node:net";
import { peerOf, type Peer } from "./peer.ts";

/** Lets connections in, strangers last: who has not said who he is makes room for whoever comes. */
export interface Door {
  /** Of servers that share its limits; before they listen. */
  guard(server: Server): void;
  /** Whoever is at the other end of this connection is no stranger. */
  know(peer: Peer): void;
}

export interface DoorOptions {
  readonly maxConnections: number;
  /** The same, from one address. */
  readonly maxPerAddress: number;
  /** A stranger is cut off after so long. */
  readonly graceMs: number;
}

/** Where there is room for nobody, the oldest stranger is cut off; where there is none, the newest connection. */
export function createDoor({ maxConnections, maxPerAddress, graceMs }: DoorOptions): Door {
  const all = new Map<Socket, string>();
  /** By address and port, oldest first. */
  const strangers = new Map<string, Socket>();

  function makeRoom(address: string): void {
    const same = [...all.values()].filter((one) => one === address).length;
    const isFull = same >= maxPerAddress;
    if (!isFull && all.size < maxConnections) return;
    const found = [...strangers].find(([, socket]) => !isFull || all.get(socket) === address);
    if (found === undefined) return;
    const [name, socket] = found;
    strangers.delete(name);
    all.delete(socket);
    socket.destroy();
  }

  function enter(socket: Socket): void {
    const peer = peerOf(socket);
    const { address } = peer;
    makeRoom(address);
    const same = [...all.values()].filter((one) => one === address).length;
    if (all.size >= maxConnections || same >= maxPerAddress) return void socket.destroy();
    all.set(socket, address);
    const name = nameOf(peer);
    const isStranger = () => strangers.get(name) === socket;
    const grace = setTimeout(() => isStranger() && socket.destroy(), graceMs).unref();
    // The file of a unix socket says who may open it.
    if (address !== "") strangers.set(name, socket);
    socket.once("close", () => {
      clearTimeout(grace);
      all.delete(socket);
      if (isStranger()) strangers.delete(name);
    });
  }

  return {
    guard: (server) => void server.on("connection", enter),
    know: (peer) => void strangers.delete(nameOf(peer)),
  };
}

function nameOf({ address, port }: Peer): string {
  return `${address} ${port}`;
}
