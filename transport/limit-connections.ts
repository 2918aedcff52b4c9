import cluster from "node:cluster";
import type { Server, Socket } from "node:net";

/**
 * The newest connection is closed above so many. In a process of a cluster Node's own limit hands it to the next process
 * instead, and where all are full it goes around among them without end.
 */
export function limitConnections(server: Server, maxConnections: number): void {
  if (cluster.isPrimary) server.maxConnections = maxConnections;
  else closeNewest(server, maxConnections);
}

function closeNewest(server: Server, maxConnections: number): void {
  let open = 0;
  server.on("connection", (socket: Socket) => {
    open += 1;
    socket.once("close", () => (open -= 1));
    if (open > maxConnections) socket.destroy();
  });
}
