import { pushbackMsOf } from "./pushback.ts";
import { ServingError } from "./serving-error.ts";
import {
  fieldSize,
  textFieldSize,
  varintSize,
  writeBytes,
  writeFieldStart,
  writeTextField,
  writeVarintField,
  type Sink,
} from "./wire-writer.ts";

/** One user's part of a batch: an encoded RecommendResponse, or why there is none. */
export type BatchAnswer = { readonly bytes: Uint8Array } | ServingError;

const resultsTag = 0x0a;
const responseTag = 0x0a;
const statusTag = 0x12;
const codeTag = 0x08;
const messageTag = 0x12;
const retryPushbackMsTag = 0x18;

/** An encoded BatchRecommendResponse with one result per answer, in order. The caller's to keep. */
export function joinResults(answers: readonly BatchAnswer[]): Uint8Array {
  let size = 0;
  for (const answer of answers) size += fieldSize(fieldSize(valueSize(answer)));
  const sink: Sink = { bytes: Buffer.allocUnsafe(size), position: 0 };
  for (const answer of answers) writeResult(sink, answer);
  return sink.bytes;
}

function writeResult(sink: Sink, answer: BatchAnswer): void {
  const size = valueSize(answer);
  writeFieldStart(sink, resultsTag, fieldSize(size));
  if (answer instanceof ServingError) {
    writeFieldStart(sink, statusTag, size);
    writeVarintField(sink, codeTag, answer.code);
    writeTextField(sink, messageTag, answer.message);
    const pushbackMs = pushbackMsOf(answer) ?? 0;
    if (pushbackMs > 0) writeVarintField(sink, retryPushbackMsTag, pushbackMs);
  } else {
    writeFieldStart(sink, responseTag, size);
    writeBytes(sink, answer.bytes);
  }
}

function valueSize(answer: BatchAnswer): number {
  if (!(answer instanceof ServingError)) return answer.bytes.length;
  const pushbackMs = pushbackMsOf(answer) ?? 0;
  const pushbackSize = pushbackMs > 0 ? 1 + varintSize(pushbackMs) : 0;
  return 1 + varintSize(answer.code) + textFieldSize(answer.message) + pushbackSize;
}
