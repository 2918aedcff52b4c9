import { readFile } from "node:fs/promises";

/** The best of each processor family first; a flag as /proc/cpuinfo spells it. */
const sets: readonly { readonly flag: string; readonly name: string }[] = [
  { flag: "amx_int8", name: "amx-int8" },
  { flag: "avx512_vnni", name: "avx512-vnni" },
  { flag: "avx_vnni", name: "avx-vnni" },
  { flag: "avx512bw", name: "avx512" },
  { flag: "avx2", name: "avx2" },
  { flag: "i8mm", name: "neon-i8mm" },
  { flag: "asimddp", name: "neon-dotprod" },
  { flag: "asimd", name: "neon" },
];

/** What int8 products run on here; the plain architecture where the system does not say. */
export async function instructionSet(): Promise<string> {
  const cpuInfo = await readFile("/proc/cpuinfo", "utf8").catch(() => "");
  return instructionSetIn(cpuInfo) ?? process.arch;
}

export function instructionSetIn(cpuInfo: string): string | undefined {
  const flags = new Set(/^(?:flags|Features)\s*:(.*)$/m.exec(cpuInfo)?.[1]?.trim().split(/\s+/));
  return sets.find(({ flag }) => flags.has(flag))?.name;
}
