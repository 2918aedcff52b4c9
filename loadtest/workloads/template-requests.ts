import { Random } from "../../models/random.ts";
import { ServingError } from "../../proto/serving-error.ts";
import type { Workload } from "../workload.ts";
import { parseTemplate, type Row } from "./template.ts";

export interface TemplateOptions {
  /** JSON whose texts may have places; see `Template`. */
  readonly template: unknown;
  /** Taken in turn. Default: none. */
  readonly rows?: readonly Row[];
  /** How many requests are made and then sent in turn. Default: as many as rows; 10,000 where chance has a part in them. */
  readonly count?: number;
  readonly seed: number;
  readonly encode: (request: unknown) => Uint8Array;
}

const drawnCount = 10_000;
const maxCount = 1_000_000;
const maxBytes = 512 * 1024 * 1024;

/** Requests are made before the run: making them costs nothing while it is measured. */
export function templateRequests(options: TemplateOptions): Workload["requests"] {
  const { template: json, rows = [], seed, encode } = options;
  const template = parseTemplate(json, Object.keys(rows[0] ?? {}));
  const { count = defaultCount(template, rows.length) } = options;
  if (!Number.isInteger(count) || count < 1 || count > maxCount)
    throw new ServingError("INVALID_ARGUMENT", `${count} requests; from 1 to ${maxCount}`);
  const random = new Random(seed);
  const requests: Uint8Array[] = [];
  let bytes = 0;
  for (let number = 0; number < count; number++) {
    const row = rows[number % Math.max(1, rows.length)] ?? {};
    const request = encode(template.render({ row, number, random }));
    bytes += request.length;
    if (bytes > maxBytes)
      throw new ServingError("OUT_OF_RANGE", `${number} requests already take ${maxBytes} bytes`);
    requests.push(request);
  }
  return requests;
}

function defaultCount(template: { isConstant: boolean; isDrawn: boolean }, rows: number): number {
  if (template.isConstant) return 1;
  return template.isDrawn || rows === 0 ? drawnCount : rows;
}

/** For HTTP. */
export function encodeJson(request: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(request));
}
