import { ServingError } from "../proto/serving-error.ts";

/** No service, symbol or file of ours comes near. */
const maxNameBytes = 256;

/** Names that callers make up are kept and echoed: longer ones are refused. */
export function checkNameLength(field: string, name: string): void {
  const length = Buffer.byteLength(name);
  if (length > maxNameBytes)
    throw new ServingError(
      "INVALID_ARGUMENT",
      `${field} has ${length} bytes; it may have ${maxNameBytes}`,
    );
}
