import { ServingError } from "../../proto/serving-error.ts";

const memory =
  /failed to allocate|bad_alloc|out of memory|memory access out of bounds|allocation failed|too large|integer overflow|invalid typed array length/i;
const device = /CUDA|cuBLAS|cuDNN|WebGPU|device (is )?lost/i;
/** What the runtime prints around the reason: source files, functions, addresses. */
const reason = /Status Message: (.*)$/s;

/**
 * Why the runtime gave no outputs for feeds of the right names, types and dims. It tells its own error codes only in
 * words; what is neither memory nor the device is taken to be the values, such as an index outside of a table.
 */
export function runFailure(text: string): ServingError {
  const cause = new Error(text);
  if (memory.test(text)) {
    const message =
      "these feeds need more memory than the engine has left; send fewer rows or shorter ones";
    return new ServingError("RESOURCE_EXHAUSTED", message, { cause });
  }
  if (device.test(text)) {
    return new ServingError(
      "UNAVAILABLE",
      "the engine's device failed during this run; try again elsewhere",
      { cause },
    );
  }
  const node = /while running (\w+) node/.exec(text)?.[1] ?? "the graph";
  return new ServingError(
    "INVALID_ARGUMENT",
    `${node} cannot run with the values of these feeds${detail(text)}`,
    { cause },
  );
}

function detail(text: string): string {
  const words = reason.exec(text)?.[1]?.split("\n")[0]?.trim();
  return words === undefined || words === "" || words.includes("/") ? "" : `: ${words}`;
}
