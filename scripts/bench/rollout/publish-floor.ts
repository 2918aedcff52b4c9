import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** What telling somebody through Redis takes at least: a bare PUBLISH until its message is there. */
export interface PublishFloor extends Disposable {
  /** In milliseconds. */
  measure(): Promise<number>;
}

const channel = "floor";

export async function openPublishFloor(port: number): Promise<PublishFloor> {
  const [subscriber, publisher] = await Promise.all([open(port), open(port)]);
  subscriber.write(command("SUBSCRIBE", channel));
  await once(subscriber, "data");
  publisher.resume();
  return {
    async measure() {
      const sentMs = performance.now();
      publisher.write(command("PUBLISH", channel, "x".repeat(600)));
      await once(subscriber, "data");
      return performance.now() - sentMs;
    },
    [Symbol.dispose]() {
      subscriber.destroy();
      publisher.destroy();
    },
  };
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket;
}

function command(...words: readonly string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join("")}`;
}
