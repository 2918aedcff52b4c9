import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { ServingError } from "../../proto/serving-error.ts";
import { fromBfloat16, fromFloat16 } from "../float16.ts";
import { parseHeader } from "./header.ts";
import type { FloatType, Header, TensorEntry } from "./header.ts";

/** An open file of named tensors. */
export interface Safetensors extends Header, AsyncDisposable {
  /** The numbers of a tensor, row after row. Throws NOT_FOUND for a name that is not there. */
  read(name: string): Promise<Float32Array<ArrayBuffer>>;
}

const lengthBytes = 8;
/** Thousands of tensors with long names. */
const maxHeaderBytes = 16 * 2 ** 20;
const maxTensorBytes = 2 ** 32;
/** Node reads less than 2 GiB at a time. */
const maxReadBytes = 2 ** 30;
const maxTold = 20;

/**
 * Reads the header; tensors when they are asked for. Nothing in the file is believed before it is compared with the file's size.
 * Throws FAILED_PRECONDITION with every problem for a file that is not what it says.
 */
export async function openSafetensors(path: string): Promise<Safetensors> {
  const handle = await open(path);
  try {
    const { header, dataStart } = await readHeader(path, handle);
    return {
      ...header,
      async read(name) {
        const entry = header.tensors.get(name);
        if (entry === undefined)
          throw new ServingError("NOT_FOUND", `${path} has no tensor ${JSON.stringify(name)}`);
        return toFloats[entry.type](await readTensor(handle, entry, dataStart));
      },
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readHeader(path: string, handle: FileHandle) {
  const { size } = await handle.stat();
  if (size < lengthBytes) throw refusal(path, [`it has ${size} bytes, which is too short`]);
  const start = await readExactly(handle, 0, lengthBytes);
  const length = new DataView(start).getBigUint64(0, true);
  if (length > BigInt(Math.min(maxHeaderBytes, size - lengthBytes)))
    throw refusal(path, [
      `its header is said to have ${length} bytes; the file has ${size} and a header at most ${maxHeaderBytes}`,
    ]);
  const dataStart = lengthBytes + Number(length);
  const bytes = await readExactly(handle, lengthBytes, Number(length));
  const problems: string[] = [];
  const header = parseHeader(textOf(bytes, problems), size - dataStart, problems);
  for (const [name, { begin, end }] of header.tensors)
    if (end - begin > maxTensorBytes)
      problems.push(
        `tensor "${name}" has ${end - begin} bytes, at most ${maxTensorBytes} are read`,
      );
  if (problems.length > 0) throw refusal(path, problems);
  return { header, dataStart };
}

function textOf(bytes: ArrayBuffer, problems: string[]): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    problems.push("its header is no UTF-8");
    return "{}";
  }
}

function readTensor(
  handle: FileHandle,
  { begin, end }: TensorEntry,
  dataStart: number,
): Promise<ArrayBuffer> {
  return readExactly(handle, dataStart + begin, end - begin);
}

const toFloats: Readonly<Record<FloatType, (bytes: ArrayBuffer) => Float32Array<ArrayBuffer>>> = {
  F32: (bytes) => new Float32Array(bytes),
  F16: (bytes) => fromFloat16(new Uint16Array(bytes)),
  BF16: (bytes) => fromBfloat16(new Uint16Array(bytes)),
};

async function readExactly(
  handle: FileHandle,
  position: number,
  length: number,
): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const wanted = Math.min(length - at, maxReadBytes);
    const { bytesRead } = await handle.read(bytes, at, wanted, position + at);
    if (bytesRead === 0) throw new Error(`the file ends ${length - at} bytes too early`);
    at += bytesRead;
  }
  return bytes.buffer;
}

function refusal(path: string, problems: readonly string[]): ServingError {
  const more = problems.length > maxTold ? [`and ${problems.length - maxTold} more`] : [];
  const list = [...problems.slice(0, maxTold), ...more].map((problem) => `  - ${problem}`);
  return new ServingError(
    "FAILED_PRECONDITION",
    `${path} is no safetensors file that can be read; write it again:\n${list.join("\n")}`,
  );
}
