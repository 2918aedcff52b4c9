import { realpathSync, statSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { externalLocations } from "../external-locations.ts";
import { decodeModel } from "./decode-model.ts";
import type { DecodedModel } from "./model.ts";
import type { FindExternal } from "./tensor-data.ts";

export interface ModelFile {
  readonly model: DecodedModel;
  readonly findExternal: FindExternal;
}

/** What protobuf allows a message to have; weights beyond it lie in files of their own. */
const maxFileBytes = 2 ** 31 - 1;

const zip = Buffer.from("PK\u0003\u0004");

/** Rejects with an Error that says what the file lacks of being a model, and what would help. */
export async function readModelFile(path: string): Promise<ModelFile> {
  const found = await stat(path).catch((cause: unknown) => {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "it is not there" : code;
    throw new Error(`${path} cannot be read: ${why}`, { cause });
  });
  if (!found.isFile()) throw new Error(`${path} is no file; give the .onnx file itself`);
  if (found.size > maxFileBytes)
    throw new Error(
      `${path} has ${found.size.toLocaleString("en")} bytes, and no ONNX file has over 2 GiB: save it with external data (onnx.save(model, path, save_as_external_data=True))`,
    );
  const folder = dirname(path);
  try {
    const bytes = await readFile(path);
    if (bytes.subarray(0, zip.length).equals(zip))
      throw new Error(
        "it is a zip archive, as torch.save writes them, and no ONNX file; export the model by torch.onnx.export",
      );
    const model = decodeModel(bytes);
    const findExternal = finderIn(folder);
    checkLocations(model, externalLocations(bytes));
    return { model, findExternal };
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** External data are moved into the bundle, from where this knows of them: the graph's own initializers. */
function checkLocations({ graph }: DecodedModel, locations: readonly string[]): void {
  const known = new Set(
    graph.initializers.flatMap(({ content }) =>
      content.kind === "external" ? [content.at.location] : [],
    ),
  );
  const stray = locations.filter((location) => !known.has(location));
  if (stray.length === 0) return;
  throw new Error(
    `a branch or a constant of it keeps its data in ${stray.join(", ")}; keep only initializers outside: onnx.save(model, path, save_as_external_data=True, convert_attribute=False)`,
  );
}

function finderIn(folder: string): FindExternal {
  const root = realpathSync(folder);
  return ({ location, offset }, bytes) => {
    const path = join(folder, location);
    const real = realOf(path, location);
    if (!real.startsWith(root + sep))
      throw new Error(
        `its data are said to lie in ${JSON.stringify(location)}, outside the folder of the model; only files beside it are read`,
      );
    const { size } = statSync(real);
    if (offset + bytes <= size) return real;
    throw new Error(
      `${location} has ${size.toLocaleString("en")} bytes, and the model reads ${bytes.toLocaleString("en")} from byte ${offset.toLocaleString("en")}; copy both files again`,
    );
  };
}

function realOf(path: string, location: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw new Error(
      `its weights lie in ${JSON.stringify(location)}, which is not beside it; copy that file too`,
      { cause },
    );
  }
}
