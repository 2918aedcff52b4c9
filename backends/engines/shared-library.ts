import { constants } from "node:os";

/** Why the system's loader cannot load it, in its words: it names the first file that is missing. */
export function whyNotLoadable(library: string): string | undefined {
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_LAZY);
  } catch (error) {
    const text = (error as Error).message;
    // Loaded, and found to be no Node module.
    return text.includes("did not self-register") ? undefined : text;
  }
  return undefined;
}

/** The name of the file that the loader did not find. */
export function missingLibrary(why: string): string | undefined {
  return /(?:^|\/)([^/\s:]+): cannot open shared object file/.exec(why)?.[1];
}
