import type { Writable } from "node:stream";

/** Takes lines to a stream that may lose its reader. */
export interface LineWriter {
  write(line: string): void;
  /** Lines that nobody will read. */
  lost(): number;
}

/** Without a listener, the error of a pipe whose reader has gone would end the process: serving matters more than logging. */
export function createLineWriter(stream: Writable): LineWriter {
  let lost = 0;
  stream.on("error", () => {});
  return {
    write(line) {
      stream.write(line, (error) => {
        if (error) lost += 1;
      });
    },
    lost: () => lost,
  };
}
