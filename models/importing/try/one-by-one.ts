import { unhurried, type GraphRunner } from "../../exporting/graph-runner.ts";
import type { Tensor, Tensors } from "../../tensors.ts";

/** A runner that takes batches and runs their rows one after the other, as they are served where a model takes no more at once. */
export function oneByOne(runner: GraphRunner): GraphRunner {
  return {
    ...runner,
    close: () => runner.close(),
    async run(feeds) {
      const rows = feeds["user"]!.dims[0]!;
      const results: Tensors[] = [];
      for (let row = 0; row < rows; row++)
        results.push(await runner.run(rowOf(feeds, row), unhurried));
      return joined(results);
    },
  };
}

function rowOf(feeds: Tensors, row: number): Tensors {
  return mapTensors(feeds, ({ type, dims, data }, name) => {
    if (name === "k") return { type, dims, data: data.slice() };
    const width = dims.slice(1).reduce((product, dim) => product * dim, 1);
    return { type, dims: [1, ...dims.slice(1)], data: data.slice(row * width, (row + 1) * width) };
  });
}

/** Rows of one shape, as one batch. */
function joined(results: readonly Tensors[]): Tensors {
  return mapTensors(results[0]!, ({ type, dims, data }, name) => {
    const all = new (data.constructor as Int32ArrayConstructor)(data.length * results.length);
    results.forEach((result, row) => all.set(result[name]!.data as Int32Array, row * data.length));
    return { type, dims: [results.length, ...dims.slice(1)], data: all };
  });
}

function mapTensors(tensors: Tensors, map: (tensor: Tensor, name: string) => Tensor): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, map(tensor, name)]),
  );
}
