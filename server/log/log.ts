import { describeError } from "./describe-error.ts";
import { createLineWriter, type LineWriter } from "./line-writer.ts";

export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

/** An `error` field may hold anything that was thrown: it is told with its causes. */
export type Fields = Readonly<Record<string, unknown>>;

/** One line per event. Messages are constant texts, so that they can be searched; what varies goes into fields. */
export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** The same log, with these fields on every line. */
  child(fields: Fields): Log;
  /** How many lines could not be written, for good: e.g. because what read standard error has ended. */
  lostLines(): number;
}

export interface LogOptions {
  /** Less important lines are dropped. Default "info". */
  readonly level?: LogLevel;
  /** For people rather than machines. Default: when standard error is a terminal. */
  readonly isPretty?: boolean;
  /** Default: standard error. */
  readonly write?: (line: string) => void;
  readonly now?: () => Date;
}

interface Sink {
  readonly lowest: number;
  readonly format: (line: Line) => string;
  readonly writer: LineWriter;
  readonly now: () => Date;
}

interface Line {
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Fields;
}

export function createLog(options: LogOptions = {}): Log {
  const { level = "info", isPretty = process.stderr.isTTY } = options;
  const { write, now = () => new Date() } = options;
  const writer = write ? { write, lost: () => 0 } : createLineWriter(process.stderr);
  const format = isPretty ? formatPretty : formatJson;
  return logTo({ lowest: logLevels.indexOf(level), format, writer, now }, {});
}

function logTo(sink: Sink, common: Fields): Log {
  const at =
    (level: LogLevel) =>
    (message: string, fields: Fields = {}) => {
      if (logLevels.indexOf(level) < sink.lowest) return;
      const time = sink.now().toISOString();
      const line = { time, level, message, fields: { ...common, ...fields } };
      sink.writer.write(`${sink.format(line)}\n`);
    };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (fields) => logTo(sink, { ...common, ...fields }),
    lostLines: () => sink.writer.lost(),
  };
}

function formatJson({ time, level, message, fields }: Line): string {
  return JSON.stringify({ time, level, message, ...fields }, tell);
}

function formatPretty({ time, level, message, fields }: Line): string {
  const told = Object.entries(fields).map(
    ([key, value]) => `${key}=${JSON.stringify(value, tell)}`,
  );
  return [time.slice(11, 23), level.toUpperCase().padEnd(5), withoutKeys(message), ...told].join(
    " ",
  );
}

/** What JSON cannot say by itself. */
function tell(_key: string, value: unknown): unknown {
  if (typeof value === "string") return withoutKeys(value);
  if (value instanceof Error) return describeError(value);
  if (typeof value === "bigint") return String(value);
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

const privateKey = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----.*?(-----END \1-----|$)/gs;

/** A key that got into a message, an error or a field never gets into the log. */
function withoutKeys(text: string): string {
  return text.includes("PRIVATE KEY") ? text.replaceAll(privateKey, "[$1 removed]") : text;
}
