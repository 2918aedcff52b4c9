import { stat } from "node:fs/promises";
import { ServingError } from "../../proto/serving-error.ts";

/** Rejects with ALREADY_EXISTS where a bundle is to be written and something is: worth asking before long work, too. */
export async function refuseExisting(dir: string): Promise<void> {
  const found = await stat(dir).catch(() => undefined);
  if (found === undefined) return;
  throw new ServingError(
    "ALREADY_EXISTS",
    `${dir} is there, and bundles never change: choose another version`,
  );
}
