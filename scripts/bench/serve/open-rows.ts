import { partFile, variantOf, type Bundle } from "../../../models/bundle/bundle.ts";
import { families } from "../../../models/families.ts";
import type { Row } from "../../../models/family.ts";
import type { Tensors } from "../../../models/tensors.ts";
import { defaultRequestLimits } from "../../../proto/request-limits.ts";
import { ServingError } from "../../../proto/serving-error.ts";

export interface EncodedRows {
  /** The file of the graph that runs them. */
  readonly graph: string;
  readonly encode: (rowsPerRun: number) => readonly Tensors[];
}

/** Requests as a server of this bundle would feed them to ONNX Runtime. */
export async function openRows(
  bundle: Bundle,
  requests: readonly Uint8Array[],
): Promise<EncodedRows> {
  const options = { limits: defaultRequestLimits };
  const { family, graph } = await families["two-tower"]!(
    bundle,
    variantOf(bundle, "qint8"),
    options,
  );
  const rows = requests.map((request): Row => {
    const row = family.read(request);
    if (row instanceof ServingError) throw row;
    return row;
  });
  return {
    graph: partFile(bundle, graph),
    encode: (rowsPerRun) =>
      Array.from({ length: Math.ceil(rows.length / rowsPerRun) }, (_, run) =>
        family.encode(rows.slice(run * rowsPerRun, (run + 1) * rowsPerRun)),
      ),
  };
}
