export interface KeepaliveOptions {
  /** Silence for so long while somebody waits is asked about. */
  readonly afterMs: number;
  /** For the answer. */
  readonly timeoutMs: number;
  readonly isWaiting: () => boolean;
  readonly ping: () => void;
  readonly died: () => void;
}

/** Finds connections that are dead without having been closed. */
export interface Keepalive {
  /** Something has come. */
  heard(): void;
  stop(): void;
}

export function startKeepalive(options: KeepaliveOptions): Keepalive {
  const { afterMs, timeoutMs } = options;
  let heardMs = performance.now();
  let pingedMs: number | undefined;
  let timer = setTimeout(check, afterMs).unref();

  function check(): void {
    const silentMs = performance.now() - heardMs;
    const isAnswered = pingedMs === undefined || heardMs > pingedMs;
    if (!isAnswered) return options.died();
    pingedMs = undefined;
    const isDue = silentMs >= afterMs && options.isWaiting();
    if (isDue) {
      pingedMs = performance.now();
      options.ping();
    }
    const nextMs = isDue
      ? timeoutMs
      : Math.max(1, silentMs >= afterMs ? afterMs : afterMs - silentMs);
    timer = setTimeout(check, nextMs).unref();
  }

  return {
    heard: () => void (heardMs = performance.now()),
    stop: () => clearTimeout(timer),
  };
}
