import type { Safetensors } from "../../../safetensors/open-safetensors.ts";
import type { SequenceArchitecture } from "./architecture.ts";

type Shapes = Readonly<Record<string, readonly number[]>>;

/** The tensors of a network, by name, with their shapes; matrices are [out, in], as torch keeps them. */
export function expectedTensors(
  of: SequenceArchitecture,
  counts: { readonly items: number; readonly users: number },
): Shapes {
  const dims = of.itemDims + of.userDims;
  const blocks = Array.from({ length: of.blocks }, (_, i) =>
    Object.entries({
      ...vectors("attention_norm", dims),
      ...linear("query", dims, dims),
      ...linear("key", dims, dims),
      ...linear("value", dims, dims),
      ...linear("output", dims, dims),
      ...vectors("feed_norm", dims),
      ...linear("feed_in", of.hidden, dims),
      ...linear("feed_out", dims, of.hidden),
    }).map(([name, shape]) => [`blocks.${i}.${name}`, shape] as const),
  );
  return {
    item_embedding: [counts.items, of.itemDims],
    ...(of.userDims > 0 && { user_embedding: [counts.users, of.userDims] }),
    position_embedding: [of.maxLength, dims],
    ...Object.fromEntries(blocks.flat()),
    ...vectors("final_norm", dims),
  };
}

function vectors(name: string, size: number): Shapes {
  return { [`${name}.weight`]: [size], [`${name}.bias`]: [size] };
}

function linear(name: string, out: number, into: number): Shapes {
  return { [`${name}.weight`]: [out, into], [`${name}.bias`]: [out] };
}

/** Every tensor that is missing, of another shape, or that the network has no place for. */
export function misshapen(file: Pick<Safetensors, "tensors">, expected: Shapes): readonly string[] {
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
