import { greatestCode } from "./quantize-rows.ts";
import type { QuantizedForm } from "./quantized-form.ts";

/** Vectors that are multiplied with each other, row after row. */
export interface ScoredVectors {
  readonly items: number;
  readonly dims: number;
  readonly itemVectors: Float32Array;
  /** As many as there are: they tell which dimensions matter. */
  readonly userVectors: Float32Array;
}

/** The item vectors in int8, and what makes up for what was done to them. */
export interface QuantizedMatrix {
  /** [dims, items]: as the product reads it. */
  readonly codes: Int8Array<ArrayBuffer>;
  /** What each dimension of a user vector is multiplied by; undefined = 1. */
  readonly userFactors: Float32Array | undefined;
  /** One per item; undefined = the same for all, which changes no ranking. */
  readonly itemScales: Float32Array<ArrayBuffer> | undefined;
}

export function quantizeItems(weights: ScoredVectors, form: QuantizedForm): QuantizedMatrix {
  const userFactors = form.equalized ? equalizingFactors(weights) : undefined;
  const largest = largestOfItems(weights, userFactors);
  const overall = largest.reduce((a, b) => Math.max(a, b), 0);
  const steps = largest.map((own) => stepFor(form.itemScales ? own : overall));
  return {
    codes: codesOf(weights, steps, userFactors),
    userFactors,
    itemScales: form.itemScales ? steps : undefined,
  };
}

/** Of an item that is all zeros, any step will do. */
function stepFor(largest: number): number {
  return largest === 0 ? 1 : largest / greatestCode;
}

/**
 * Half way between giving every item dimension the whole range and leaving the user vector as it is: the errors of both sides
 * weigh the same.
 */
function equalizingFactors({ itemVectors, userVectors, dims }: ScoredVectors): Float32Array {
  const ofItems = largestOfDimensions(itemVectors, dims);
  const ofUsers = largestOfDimensions(userVectors, dims);
  return ofItems.map((item, dim) => {
    const user = ofUsers[dim]!;
    return item > 0 && user > 0 ? Math.sqrt(item / user) : 1;
  });
}

function largestOfDimensions(vectors: Float32Array, dims: number): Float32Array {
  const largest = new Float32Array(dims);
  for (let row = 0; row < vectors.length; row += dims) {
    for (let dim = 0; dim < dims; dim++) {
      largest[dim] = Math.max(largest[dim]!, Math.abs(vectors[row + dim]!));
    }
  }
  return largest;
}

function largestOfItems(
  { itemVectors, items, dims }: ScoredVectors,
  factors: Float32Array | undefined,
) {
  const largest = new Float32Array(items);
  for (let item = 0; item < items; item++) {
    let found = 0;
    for (let dim = 0; dim < dims; dim++) {
      found = Math.max(found, Math.abs(itemVectors[item * dims + dim]!) / (factors?.[dim] ?? 1));
    }
    largest[item] = found;
  }
  return largest;
}

function codesOf(
  { itemVectors, items, dims }: ScoredVectors,
  steps: Float32Array,
  factors: Float32Array | undefined,
) {
  const codes = new Int8Array(dims * items);
  for (let item = 0; item < items; item++) {
    for (let dim = 0; dim < dims; dim++) {
      const step = steps[item]! * (factors?.[dim] ?? 1);
      codes[dim * items + item] = Math.round(itemVectors[item * dims + dim]! / step);
    }
  }
  return codes;
}
