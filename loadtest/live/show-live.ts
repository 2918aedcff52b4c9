import type { RunProgress } from "../run-progress.ts";
import { beginView, nextView } from "./live-view.ts";
import { renderLine, renderLive } from "./render-live.ts";

/** A terminal, or where its output goes instead. */
export interface LiveStream {
  readonly isTTY?: boolean;
  /** 0, like none: it does not know. */
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

export interface LiveOptions {
  /** Standard error: results go to standard output. */
  readonly stream: LiveStream;
  /** For `NO_COLOR` and `TERM`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** E.g. the name of the run, its target and schedule. */
  readonly title: string;
  /** Between the lines of a log. Default 5,000. */
  readonly lineEveryMs?: number;
}

export interface Live {
  show(progress: RunProgress): void;
  /** Takes the view away, so that the results stand where it was. */
  end(): void;
}

/** On a terminal drawn in place, elsewhere a line every few seconds. */
export function showLive(options: LiveOptions): Live {
  const { stream, env, title } = options;
  const isScreen = stream.isTTY === true && env["TERM"] !== "dumb";
  return isScreen
    ? drawInPlace(options)
    : writeLines(stream, { title, everyMs: options.lineEveryMs ?? 5_000 });
}

const toLineEnd = "\x1b[K";
const toScreenEnd = "\x1b[J";

function drawInPlace({ stream, env, title }: LiveOptions): Live {
  const hasColor = (env["NO_COLOR"] ?? "") === "";
  let view = beginView(title);
  let drawn = 0;
  const toFirstLine = () => (drawn === 0 ? "" : `\x1b[${drawn}A\r`);
  return {
    show(progress) {
      view = nextView(view, progress);
      // The last column and row stay free: some terminals wrap or scroll when they are written to.
      const width = Math.max(1, (stream.columns || 80) - 1);
      const lines = renderLive(view, { width, hasColor }).slice(
        0,
        Math.max(1, (stream.rows || 24) - 1),
      );
      // Line over line, and away with what is left of the old ones: nothing is empty in between.
      const over = lines.map((line) => `${line}${toLineEnd}\n`).join("");
      stream.write(`${toFirstLine()}${over}${toScreenEnd}`);
      drawn = lines.length;
    },
    end() {
      stream.write(`${toFirstLine()}${toScreenEnd}`);
      drawn = 0;
    },
  };
}

interface LogOptions {
  readonly title: string;
  readonly everyMs: number;
}

function writeLines(stream: LiveStream, { title, everyMs }: LogOptions): Live {
  let view = beginView(title);
  let writtenMs = -Infinity;
  return {
    show(progress) {
      view = nextView(view, progress);
      if (progress.elapsedMs - writtenMs < everyMs && progress.leftMs > 0) return;
      writtenMs = progress.elapsedMs;
      stream.write(`${renderLine(view)}\n`);
    },
    end() {},
  };
}
