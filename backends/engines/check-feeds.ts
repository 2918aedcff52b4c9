import { byteLengthOf, elementCount, holds } from "../../models/allocate-tensors.ts";
import type { Tensor, Tensors } from "../../models/tensors.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { GraphTensor } from "./session-plan.ts";

/** Throws INVALID_ARGUMENT for the first thing about the feeds that the graph does not take. */
export function checkFeeds(
  inputs: readonly GraphTensor[],
  feeds: Tensors,
  maxBytes = Infinity,
): void {
  const sizes = new Map<string, Size>();
  let bytes = 0;
  for (const input of inputs) {
    const feed = Object.hasOwn(feeds, input.name) ? feeds[input.name] : undefined;
    if (feed === undefined)
      throw refusal(`input "${input.name}" is missing; the graph takes ${namesOf(inputs)}`);
    checkFeed(input, feed);
    checkAxes(input, feed, sizes);
    bytes += byteLengthOf(feed);
  }
  checkNoOthers(inputs, feeds);
  if (bytes > maxBytes)
    throw refusal(`the feeds take ${bytes} bytes; at most ${maxBytes} are allowed in one run`);
}

interface Size {
  readonly size: number;
  readonly input: string;
}

function checkFeed({ name, type, dims }: GraphTensor, feed: Tensor): void {
  if (feed.type !== type) throw refusal(`input "${name}" is ${feed.type}; the graph takes ${type}`);
  if (!holds(type, feed.data)) {
    throw refusal(
      `the data of input "${name}" is a ${feed.data.constructor.name}, which does not hold ${type}`,
    );
  }
  const fits =
    feed.dims.length === dims.length &&
    feed.dims.every((dim, axis) => dims[axis] === -1 || dims[axis] === dim);
  if (!fits || !feed.dims.every(isSize)) {
    throw refusal(
      `input "${name}" has dims [${list(feed.dims)}]; the graph takes [${list(dims)}], where -1 is any size`,
    );
  }
  const expected = elementCount(feed.dims);
  if (feed.data.length !== expected) {
    throw refusal(
      `input "${name}" has ${feed.data.length} values, but its dims [${list(feed.dims)}] take ${expected}` +
        (feed.data.length === 0 ? "; were these feeds run before? A run takes them over" : ""),
    );
  }
}

/** The runtime would not mind: it would spread the smaller one over the larger and answer nonsense. */
function checkAxes({ name, axes }: GraphTensor, { dims }: Tensor, sizes: Map<string, Size>): void {
  axes.forEach((axis, index) => {
    if (axis === "") return;
    const size = dims[index]!;
    const known = sizes.get(axis);
    if (known === undefined) sizes.set(axis, { size, input: name });
    else if (known.size !== size) {
      throw refusal(
        `dimension "${axis}" is ${size} in input "${name}", but ${known.size} in input "${known.input}"`,
      );
    }
  });
}

function checkNoOthers(inputs: readonly GraphTensor[], feeds: Tensors): void {
  const names = Object.keys(feeds);
  if (names.length === inputs.length) return;
  const other = names.find((name) => !inputs.some((input) => input.name === name));
  throw refusal(`the graph has no input "${other}"; it takes ${namesOf(inputs)}`);
}

/** What an offset in a frame can address. */
function isSize(dim: number): boolean {
  return Number.isInteger(dim) && dim >= 0 && dim < 2 ** 31;
}

function namesOf(inputs: readonly GraphTensor[]): string {
  return inputs.map(({ name }) => `"${name}"`).join(", ");
}

function list(dims: readonly number[]): string {
  return dims.join(", ");
}

function refusal(message: string): ServingError {
  return new ServingError("INVALID_ARGUMENT", message);
}
