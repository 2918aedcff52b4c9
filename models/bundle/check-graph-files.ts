import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import { externalLocations } from "../onnx/external-locations.ts";
import { partFile, type Bundle } from "./bundle.ts";
import type { Variant } from "./manifest.ts";
import { refusal } from "./parse-manifest.ts";

/** Graphs hold operators; their weights are parts of their own. */
const maxGraphBytes = 64 * 2 ** 20;

/**
 * Throws a ServingError unless the variant's graphs read nothing but the variant's parts: whatever else lies in the
 * folder, or elsewhere, has no checksum.
 */
export async function checkGraphFiles(bundle: Bundle, variant: Variant): Promise<void> {
  const allowed = variant.parts.map((part) => bundle.manifest.parts[part]!.file);
  const problems: string[] = [];
  for (const graph of Object.values(variant.graphs)) {
    const found = await problemsIn(bundle, graph, allowed);
    problems.push(...found.map((problem) => `parts.${graph}: ${problem}`));
  }
  if (problems.length > 0) throw refusal(bundle.dir, problems);
}

async function problemsIn(
  bundle: Bundle,
  graph: string,
  allowed: readonly string[],
): Promise<string[]> {
  const { file, bytes } = bundle.manifest.parts[graph]!;
  if (!file.endsWith(".onnx")) return [`${file} is a graph, so its name must end in .onnx`];
  if (bytes > maxGraphBytes)
    return [
      `${file} has ${bytes} bytes, at most ${maxGraphBytes} are read: make its weights parts`,
    ];
  try {
    const locations = externalLocations(await readFile(partFile(bundle, graph)));
    const inBundle = (location: string) => posix.join(posix.dirname(file), location);
    return locations
      .filter((location) => !allowed.includes(inBundle(location)))
      .map(
        (location) => `${file} reads ${JSON.stringify(location)}, which is no part of the variant`,
      );
  } catch (error) {
    return [`${file}: ${(error as Error).message}; export the bundle again`];
  }
}
