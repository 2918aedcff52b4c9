import type { OutgoingCall } from "./outgoing-call.ts";

/** Cancels the call when the signal aborts. Returns how to stop. */
export function watchSignal(signal: AbortSignal | undefined, call: OutgoingCall): () => void {
  if (signal === undefined) return nothing;
  const cancel = () => call.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  return () => signal.removeEventListener("abort", cancel);
}

function nothing(): void {}
