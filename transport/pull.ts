/** The consumer's side of a peer that sends one message for each read. */
export interface Pull {
  readonly messages: AsyncIterable<Uint8Array>;
  /** Answers a read. */
  readonly deliver: (message: Uint8Array) => void;
  /** No more will come: the iteration ends, or throws the error. The first call counts. */
  readonly finish: (error?: Error) => void;
}

interface Waiting {
  readonly resolve: (message: Uint8Array | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** Turns reads answered by callbacks into an iteration; a read starts when the consumer asks for the next message. */
export function createPull(read: () => void): Pull {
  let waiting: Waiting | undefined;
  let end: { readonly error: Error | undefined } | undefined;

  function next(): Promise<Uint8Array | undefined> {
    return new Promise((resolve, reject) => {
      if (end?.error) return reject(end.error);
      if (end) return resolve(undefined);
      waiting = { resolve, reject };
      read();
    });
  }

  // A generator queues calls of next() that come too early.
  async function* iterate(): AsyncGenerator<Uint8Array, void> {
    for (let message = await next(); message; message = await next()) yield message;
  }

  return {
    messages: { [Symbol.asyncIterator]: iterate },
    deliver(message) {
      const reader = waiting;
      waiting = undefined;
      reader?.resolve(message);
    },
    finish(error) {
      end ??= { error };
      if (end.error) waiting?.reject(end.error);
      else waiting?.resolve(undefined);
      waiting = undefined;
    },
  };
}
