import { ServingError } from "../../proto/serving-error.ts";
import { openSafetensors } from "../safetensors/open-safetensors.ts";
import { misshapen, type TensorShapes } from "./tensor-shapes.ts";
import { whyUnread } from "../rows/text-rows.ts";

export type Tensors = ReadonlyMap<string, Float32Array<ArrayBuffer>>;

/**
 * The tensors of a trained folder. Nothing is read of a file whose tensors are not those of the network.
 * @param expected Undefined where nobody knows the network: then only the file itself is checked.
 */
export async function readTensors(
  path: string,
  expected: TensorShapes | undefined,
  problems: string[],
): Promise<Tensors> {
  const tensors = new Map<string, Float32Array<ArrayBuffer>>();
  try {
    await using file = await openSafetensors(path);
    if (expected === undefined) return tensors;
    const wrong = misshapen(file, expected);
    problems.push(...wrong.map((problem) => `${path}: ${problem}`));
    for (const name of wrong.length === 0 ? Object.keys(expected) : []) {
      const values = await file.read(name);
      const bad = values.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0)
        problems.push(`${path}: ${name}[${bad}] is ${values[bad]}; the training diverged`);
      tensors.set(name, values);
    }
  } catch (error) {
    problems.push(error instanceof ServingError ? error.message : whyUnread(path, error));
  }
  return tensors;
}
