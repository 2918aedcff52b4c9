import { tensorFloats } from "../onnx/decode/tensor-data.ts";
import { findItemTable } from "./inspect/find-item-table.ts";
import type { ImportPlan } from "./plan.ts";

interface Asked extends Pick<ImportPlan, "inputs" | "read"> {
  readonly serving: Pick<ImportPlan["serving"], "user">;
}

/** How users are told apart, and as whom all others are answered: the file has no mean of its users. Undefined: it takes no user. */
export function describeUser({ inputs, read, serving }: Asked): string | undefined {
  if (inputs.user === undefined) return undefined;
  const { firstId, unknownId } = serving.user;
  const table = findItemTable(read.index, inputs.user.name);
  const known = `${inputs.user.name}: the users of --users have the ids from ${firstId}; all others, and all where there is no --users, are answered as ${unknownId}`;
  if (table === undefined || unknownId >= table.rows)
    return `${known}, which must be the model's stranger (--unknown-user)`;
  const { dims, tensor } = table;
  const values = tensorFloats(tensor, read.findExternal);
  const own = values.subarray(unknownId * dims, (unknownId + 1) * dims);
  return own.every((value) => value === 0)
    ? `${known}, whose vector is all zeros`
    : `${known}, whose vector is not zero: where it is a user's, strangers get that user's answers (--unknown-user)`;
}
