import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ServingError } from "../../proto/serving-error.ts";

/** Reads files of real data, which this project may not bring along. */
export interface DataFolder {
  readonly path: string;
  read(file: DataFile): string;
}

export interface DataFile {
  /** Within the folder, e.g. "ml-1m/ml-1m_sas.txt". */
  readonly path: string;
  /** Where everybody can get it. */
  readonly from: string;
  /** Default UTF-8. */
  readonly encoding?: BufferEncoding;
}

const standard = "../shared/data";

/** `CROSSFADE_DATA`, else ../shared/data where that is. */
export function openDataFolder(env: NodeJS.ProcessEnv): DataFolder {
  const path = resolve(env["CROSSFADE_DATA"] || standard);
  return {
    path,
    read({ path: file, from, encoding = "utf8" }) {
      const whole = join(path, file);
      try {
        return readFileSync(whole).toString(encoding);
      } catch (error) {
        const why =
          (error as NodeJS.ErrnoException).code === "ENOENT"
            ? "it is not there"
            : (error as Error).message;
        throw new ServingError(
          "FAILED_PRECONDITION",
          `cannot read ${whole}: ${why}. It comes from ${from}; CROSSFADE_DATA names the folder that ${file} is in`,
        );
      }
    },
  };
}

/** Undefined: not all of them are there. For tests that need real data. */
export function missingData(
  env: NodeJS.ProcessEnv,
  files: readonly DataFile[],
): string | undefined {
  const { path } = openDataFolder(env);
  const gone = files.find((file) => !existsSync(join(path, file.path)));
  return gone && `${join(path, gone.path)} is not there; it comes from ${gone.from}`;
}
