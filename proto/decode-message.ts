import { ServingError } from "./serving-error.ts";

/**
 * Decodes with generated code what a caller sent. For the calls that are not hot; those that are have readers of
 * their own.
 * @param name For the error message, e.g. "RecordFeedbackRequest".
 */
export function decodeMessage<Message>(
  type: { decode(bytes: Uint8Array): Message },
  bytes: Uint8Array,
  name: string,
): Message {
  try {
    return type.decode(bytes);
  } catch (error) {
    throw new ServingError(
      "INVALID_ARGUMENT",
      `${name} is malformed; encode it with a protobuf library`,
      {
        cause: error,
      },
    );
  }
}
