import {
  aligned,
  byteLengthOf,
  headroomBytes,
  isAllocated,
  tensorData,
} from "../../models/allocate-tensors.ts";
import type { Tensor, TensorInfo, Tensors } from "../../models/tensors.ts";

/*
 * A frame is one ArrayBuffer that carries all the tensors of a run between threads. It begins, in 32-bit numbers and
 * in the order of the graph's inputs or outputs, with each tensor's byte offset, rank and dims; the data follows.
 * A bare ArrayBuffer crosses in two thirds of the time of an object that holds one.
 */

type Named = Pick<TensorInfo, "name" | "type">;

/** The feeds' own buffer where `allocateTensors` made it, else a copy. The tensors must be those that `infos` names. */
export function takeFrame(infos: readonly Named[], tensors: Tensors): ArrayBuffer {
  const list = infos.map(({ name }) => tensors[name]!);
  const buffer = soleBuffer(list);
  if (buffer === undefined) return copyFrame(list);
  const words = new Uint32Array(buffer, 0, headroomBytes(list) / 4);
  writeHeader(words, list, (index) => list[index]!.data.byteOffset);
  return buffer;
}

/** A new frame, or `reuse` where they fit into it. */
export function copyFrame(tensors: readonly Tensor[], reuse?: ArrayBuffer): ArrayBuffer {
  let total = headroomBytes(tensors);
  const offsets = tensors.map((tensor) => {
    const offset = total;
    total = aligned(total + byteLengthOf(tensor));
    return offset;
  });
  const frame = reuse !== undefined && reuse.byteLength >= total ? reuse : new ArrayBuffer(total);
  writeHeader(
    new Uint32Array(frame, 0, headroomBytes(tensors) / 4),
    tensors,
    (index) => offsets[index]!,
  );
  const bytes = new Uint8Array(frame);
  tensors.forEach(({ data }, index) => {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offsets[index]);
  });
  return frame;
}

/** Views of the frame, without a copy. */
export function readFrame(infos: readonly Named[], frame: ArrayBuffer): Tensors {
  const words = new Uint32Array(frame, 0, Math.floor(frame.byteLength / 4));
  const tensors: Record<string, Tensor> = {};
  let at = 0;
  for (const { name, type } of infos) {
    const byteOffset = words[at]!;
    const rank = words[at + 1]!;
    const dims = Array.from(words.subarray(at + 2, at + 2 + rank));
    tensors[name] = { type, dims, data: tensorData({ type, dims }, frame, byteOffset) };
    at += rank + 2;
  }
  return tensors;
}

/** The buffer that these tensors have to themselves, with room for the header in front. */
function soleBuffer(tensors: readonly Tensor[]): ArrayBuffer | undefined {
  const buffer = tensors[0]?.data.buffer;
  if (buffer === undefined || !isAllocated(buffer)) return undefined;
  const headroom = headroomBytes(tensors);
  const fits = tensors.every(({ data }) => data.buffer === buffer && data.byteOffset >= headroom);
  return fits ? buffer : undefined;
}

function writeHeader(
  words: Uint32Array,
  tensors: readonly Tensor[],
  offsetOf: (index: number) => number,
): void {
  let at = 0;
  tensors.forEach(({ dims }, index) => {
    words[at++] = offsetOf(index);
    words[at++] = dims.length;
    for (const dim of dims) words[at++] = dim;
  });
}
