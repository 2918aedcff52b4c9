import { readFileSync } from "node:fs";
import { instructionSetIn } from "../../models/instruction-set.ts";

/** Sums of unsigned times signed bytes are 32 bits wide there. */
const wideSums: readonly (string | undefined)[] = ["amx-int8", "avx512-vnni", "avx-vnni"];

/**
 * What makes products of int8 exact in imported models, whose codes may be of 8 bits; our own graphs have codes that need nothing of it
 * (`models/ranking/graph/vector-codes.ts`). Without VNNI, x64 would cut sums off at 16 bits; asked not to, onnxruntime 1.30 turns the weights
 * into unsigned bytes and multiplies at half the speed, and loads several times as long. It would do so with VNNI, too. It passes over
 * products in a branch or a loop whose weights are declared around it, as those of encoders are.
 */
export function exactInt8(cpuInfo: string = readCpuInfo()): Readonly<Record<string, string>> {
  return wideSums.includes(instructionSetIn(cpuInfo)) ? {} : { "session.x64quantprecision": "1" };
}

/** Empty where the system does not say. */
function readCpuInfo(): string {
  try {
    return readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return "";
  }
}
