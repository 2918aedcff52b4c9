import { ServingError } from "../../proto/serving-error.ts";
import { parseStoreAddress, storeForms } from "../../router/store/store-address.ts";
import type { Kind } from "./setting.ts";

const form = /^rediss?(\+(sentinel|cluster))?:\/\/[^\s/]+/;

/** `storeUrlMisfit` judges the rest of it, in sentences. */
export const storeUrl: Kind<string> = {
  allowed: storeForms,
  format: (url) => url,
  parse: (raw) => (typeof raw === "string" && form.test(raw) ? raw : undefined),
};

/**
 * Why it cannot be used.
 * @param passwordIn Environment variable of its password. Default: the store's.
 */
export function storeUrlMisfit(url: string | undefined, passwordIn?: string): string | undefined {
  if (url === undefined) return undefined;
  try {
    parseStoreAddress(url, passwordIn);
    return undefined;
  } catch (thrown) {
    return ServingError.from(thrown).message;
  }
}
