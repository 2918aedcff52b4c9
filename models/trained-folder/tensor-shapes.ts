import type { Safetensors } from "../safetensors/open-safetensors.ts";

/** Tensors by name. */
export type TensorShapes = Readonly<Record<string, readonly number[]>>;

export function norm(name: string, size: number): TensorShapes {
  return { [`${name}.weight`]: [size], [`${name}.bias`]: [size] };
}

/** A Linear as torch keeps it: [out, in]. */
export function linear(name: string, out: number, into: number): TensorShapes {
  return { [`${name}.weight`]: [out, into], [`${name}.bias`]: [out] };
}

/** Every tensor that is missing, of another shape, or that the network has no place for. */
export function misshapen(
  file: Pick<Safetensors, "tensors">,
  expected: TensorShapes,
): readonly string[] {
  const missing = Object.entries(expected).flatMap(([name, shape]) => {
    const found = file.tensors.get(name)?.shape;
    const wanted = `[${shape.join(", ")}]`;
    if (found === undefined) return [`it has no tensor ${name} ${wanted}`];
    const isRight = found.length === shape.length && found.every((size, i) => size === shape[i]);
    return isRight ? [] : [`${name} is [${found.join(", ")}] where ${wanted} is needed`];
  });
  const unknown = [...file.tensors.keys()]
    .filter((name) => !Object.hasOwn(expected, name))
    .map((name) => `${name} has no place in this architecture`);
  return [...missing, ...unknown];
}
