/** Things that are put in at any time, and taken out in order. */
export interface Mailbox<Thing> {
  put(thing: Thing): void;
  /** What is taken out ends after what is in it; with an error, it then throws that. */
  close(error?: Error): void;
  all(): AsyncGenerator<Thing, void>;
}

export function createMailbox<Thing>(): Mailbox<Thing> {
  const things: Thing[] = [];
  let closed: { readonly error: Error | undefined } | undefined;
  let wake: (() => void) | undefined;
  return {
    put(thing) {
      things.push(thing);
      wake?.();
    },
    close(error) {
      closed ??= { error };
      wake?.();
    },
    async *all() {
      for (;;) {
        while (things.length > 0) yield things.shift()!;
        if (closed?.error) throw closed.error;
        if (closed) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
