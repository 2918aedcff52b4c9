import { parseArgs } from "node:util";

export interface ImageCheckOptions {
  /** Of the image's layers; else the one that the Dockerfile names, which the engine pulls. */
  readonly base: string | undefined;
  /** Checked instead of one that is built. */
  readonly image: string | undefined;
  readonly engine: string | undefined;
  readonly perSecond: number;
}

const help = `Builds the image and runs it in containers: it must serve, keep to a read-only root and a memory limit, and drain on
SIGTERM without a failed call. Skipped, with the reason, where there is no container engine.

  npm run image-check                     by podman or docker, whichever answers
  npm run image-check -- --engine NAME    podman or docker
  npm run image-check -- --base IMAGE     on this base, which is not pulled, in place of the Dockerfile's
  npm run image-check -- --image IMAGE    checks an image that is there, on the base that --base names or the Dockerfile's
  npm run image-check -- --rate N         calls per second while containers restart (default 100)
`;

/** Undefined after `--help` was printed or a flag was wrong, which sets the exit code. */
export function readOptions(args: string[]): ImageCheckOptions | undefined {
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const options = { base: text, image: text, engine: text, rate: text };
    const { values } = parseArgs({ args, options: { ...options, help: flag } });
    if (values.help === true) {
      process.stdout.write(help);
      return undefined;
    }
    const { base, image, engine, rate = "100" } = values;
    return { base, image, engine, perSecond: positive("rate", rate) };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`);
    process.exitCode = 2;
    return undefined;
  }
}

function positive(flag: string, given: string): number {
  const value = Number(given);
  if (value > 0) return value;
  throw new Error(`--${flag} is ${given}; it must be a number above 0`);
}
