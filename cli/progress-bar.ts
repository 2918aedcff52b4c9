/** Progress of one task; nothing is shown where nobody watches. */
export interface ProgressBar {
  /** @param share Done, from 0 to 1. */
  at(share: number): void;
  /** Leaves a line that says how long it took. */
  done(): void;
}

const width = 28;
const redrawMs = 100;

export function createProgressBar(
  task: string,
  stream: Pick<NodeJS.WriteStream, "isTTY" | "write">,
): ProgressBar {
  const startedMs = performance.now();
  let drawnMs = -Infinity;
  const elapsedMs = () => performance.now() - startedMs;
  return {
    at(share) {
      if (!stream.isTTY || performance.now() - drawnMs < redrawMs) return;
      drawnMs = performance.now();
      const filled = Math.round(width * Math.min(1, share));
      const left = share > 0 ? seconds((elapsedMs() * (1 - share)) / share) : "…";
      stream.write(
        `\r\x1b[K${task}  ${"█".repeat(filled)}${"░".repeat(width - filled)}  ${left} left`,
      );
    },
    done() {
      stream.write(`${stream.isTTY ? "\r\x1b[K" : ""}${task}  ${seconds(elapsedMs())}\n`);
    },
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
