import { formatTable } from "../table.ts";
import type { Figures } from "./figures.ts";
import { mb, ms, percent } from "./format.ts";
import type { Recall } from "./recall.ts";

export function describe(
  { bytes, batch, scoreBytes, scoreShare, served }: Figures,
  recall: Recall,
): string {
  const memory = formatTable(
    ["threads", "load s", "peak MB", "ratio", "steady MB", "ratio", "with mapped", "ratio"],
    served.map(({ threads, loadMs, memory: { anonMb, rssMb }, ...one }) => [
      `${threads}`,
      ms(loadMs / 1_000),
      mb(one.peakMb),
      `${one.peak.toFixed(2)}x`,
      mb(anonMb),
      `${one.steady.toFixed(2)}x`,
      mb(rssMb),
      `${one.resident.toFixed(2)}x`,
    ]),
  );
  const speed = formatTable(
    ["threads", "row ms", "CPU ms", "floor ms", "GB/s", "memory GB/s", "share", `${batch} rows ms`],
    served.map((one) => [
      `${one.threads}`,
      ms(one.rowMs),
      ms(one.rowCpuMs),
      ms(one.readMs),
      one.gigabytesPerSecond.toFixed(1),
      one.bandwidthGigabytesPerSecond.toFixed(1),
      one.bandwidthShare.toFixed(2),
      ms(one.batchMs),
    ]),
  );
  return `the variant has ${mb(bytes / 2 ** 20)} MB; a batch has up to ${batch} rows, whose scores take ${mb(scoreBytes / 2 ** 20)} MB at one time: ${percent(scoreShare)} of the matrix

${memory}

${speed}

mapped: code, and of the table the pages where tracks were looked up, with their neighbours. They are the file's pages in the system's cache,
shared by sessions and processes and the first to go where memory is short; the peak has them and the originals of what was packed.
floor: the matrix read once by as many threads, measured in turns with the calls
against float32, ${recall.items} items like trained ones: ${percent(recall.overlap10)} of the top 10, ${percent(recall.top1)} of the first
`;
}
