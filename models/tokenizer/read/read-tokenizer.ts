import { readFile, stat } from "node:fs/promises";
import type { TokenizerSettings } from "../settings.ts";
import { parseTokenizer } from "./parse-tokenizer.ts";

const maxFileBytes = 64 * 2 ** 20;

/** Rejects with an Error that names the file and everything that is wrong with it. */
export async function readTokenizer(path: string): Promise<TokenizerSettings> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw new Error(`${path} cannot be read: ${(cause as Error).message}`, { cause });
  });
  if (size > maxFileBytes)
    throw new Error(
      `${path} has ${size.toLocaleString("en")} bytes; at most ${maxFileBytes.toLocaleString("en")} are read`,
    );
  try {
    return parseTokenizer(await readFile(path, "utf8"));
  } catch (error) {
    throw new Error(`${path} is no tokenizer that can be used:\n${(error as Error).message}`, {
      cause: error,
    });
  }
}
