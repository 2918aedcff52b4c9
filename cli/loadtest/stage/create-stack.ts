/** Things to be taken away again, the last one first; what Node 20 has no AsyncDisposableStack for. */
export interface Stack {
  use<Thing extends AsyncDisposable>(thing: Thing): Thing;
  defer(undo: () => Promise<void>): void;
  /** Takes away all that is there, whatever fails meanwhile. */
  dispose(): Promise<void>;
}

export function createStack(): Stack {
  const undoings: (() => Promise<void>)[] = [];
  return {
    use(thing) {
      undoings.push(async () => thing[Symbol.asyncDispose]());
      return thing;
    },
    defer: (undo) => void undoings.push(undo),
    async dispose() {
      let failed: { readonly error: unknown } | undefined;
      for (const undo of undoings.splice(0).toReversed())
        await undo().catch((error: unknown) => (failed = { error }));
      if (failed) throw failed.error;
    },
  };
}
