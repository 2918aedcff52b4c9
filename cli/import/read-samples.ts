import type { Probe } from "../../models/exporting/probe.ts";
import { Random } from "../../models/random.ts";
import { idList, idReader } from "../rows/id-field.ts";
import { readRows, type RowFile } from "../rows/read-rows.ts";
import type { ImportedItem } from "./read-items.ts";

interface Sample {
  readonly sequence: readonly string[];
  readonly next: string | undefined;
}

export interface SampleFile {
  readonly probes: readonly Probe[];
  /** Of all ids; those that the catalogue lacks are left out. */
  readonly unknown: number;
}

/** Nobody chose anything. */
const nobodyKnows = -1;

/** Rejects for a file without a sequence of known items. */
export async function readSamples(
  path: string,
  items: readonly ImportedItem[],
): Promise<SampleFile> {
  const indexOf = new Map(items.map(({ id }, index) => [id, index]));
  const probes: Probe[] = [];
  let unknown = 0;
  for await (const [{ sequence, next }] of readRows(sampleFile(path), () => {})) {
    const history = sequence.flatMap((id) => indexOf.get(id) ?? []);
    unknown += sequence.length - history.length;
    const chosen = next === undefined ? nobodyKnows : (indexOf.get(next) ?? nobodyKnows);
    if (history.length > 0)
      probes.push({ user: -1, history: Int32Array.from(history), next: chosen });
  }
  if (probes.length > 0) return { probes, unknown };
  throw new Error(`${path} has no sequence with an item of the catalogue`);
}

function sampleFile(path: string): RowFile<Sample> {
  const readId = idReader("any");
  const readIds = idList(readId);
  return {
    path,
    example: '{"sequence":["a","b"],"next":"c"}; next may be left out',
    read: (fields, problems) => ({
      sequence: readIds(fields["sequence"], "sequence", problems),
      next: fields["next"] === undefined ? undefined : readId(fields["next"], "next", problems),
    }),
  };
}

const madeUp = 256;

/** Sequences by chance, of all lengths, with popular items more often. */
export function makeSamples(items: readonly ImportedItem[], longest: number): readonly Probe[] {
  const random = new Random(29);
  const sums = new Float64Array(items.length);
  let sum = 0;
  items.forEach(({ count }, i) => (sums[i] = sum += count + 1));
  const draw = () => {
    const at = random.share() * sum;
    let [low, high] = [0, items.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > at) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return Array.from({ length: madeUp }, () => ({
    user: -1,
    history: Int32Array.from({ length: 1 + random.below(longest) }, draw),
    next: nobodyKnows,
  }));
}
